"""The panel's reviews as annotated tasks of Label Studio, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from regrade.errors import InputError
from regrade.records.exchange import NOWHERE, EntryKind, PanelEntry
from regrade.records.panel import Pass, Purpose
from regrade.records.users import User
from regrade.workflow.export_reviews import export_reviews, load_record
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.workspace import Workspace
from tests.workflow.elsewhere import ODD_NOTE, fresh_workspace, judge_all


def _said(ws: Workspace) -> list[PanelEntry]:
    """The reviews that stand, without what is a workspace's own, in one order."""
    rows = [entry for entry in load_record(ws) if entry.kind is EntryKind.REVIEW and entry.withdrawn_at is None]
    plain = (replace(row, origin=None, protocol=None, spot=NOWHERE) for row in rows)
    return sorted(
        plain, key=lambda row: (row.pass_, row.item, row.author, -1 if row.class_id is None else row.class_id)
    )


def _read(file: Path) -> list[dict[str, Any]]:
    tasks: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return tasks


def test_a_fresh_workspace_gets_the_same_reviews_and_the_old_one_none(
    ws: Workspace, people: dict[str, User], benchmark: Path, tmp_path: Path
) -> None:
    judge_all(ws, people)
    said = _said(ws)
    assert {row.purpose for row in said} == {Purpose.PANEL}
    with fresh_workspace(benchmark, tmp_path / "fresh") as fresh:
        for pass_ in Pass:
            file = tmp_path / f"{pass_}.json"
            report = export_reviews(ws, file, pass_=pass_)
            assert (report.format, report.n_reviews) == ("label-studio", sum(row.pass_ is pass_ for row in said))
            assert file.with_suffix(".xml").is_file()
            assert import_reviews(ws, file).n_new_reviews == 0
            assert import_reviews(fresh, file).n_new_reviews == report.n_reviews
            assert import_reviews(fresh, file).n_new_reviews == 0
        assert _said(fresh) == said


def test_undone_answers_and_what_is_no_review_are_left_out(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    judge_all(ws, people)
    undone = [entry for entry in load_record(ws) if entry.withdrawn_at is not None]
    report = export_reviews(ws, tmp_path / "said.json")
    assert (report.n_left_out, report.n_decisions, report.n_votes) == (len(undone), 0, 0)
    assert report.n_left_out > 0
    tasks = _read(tmp_path / "said.json")
    assert [task["data"]["item_id"] for task in tasks] == [
        ws.split().ids[item] for item in sorted({row.item for row in _said(ws) if row.pass_ is Pass.VERDICT})
    ]
    (flag,) = (row for task in tasks for row in task["data"]["reviews"] if "problematic" in row["answers"])
    assert (flag["reviewer"], flag["answers"]) == ("ada", {"problematic": ["problematic"], "note": [ODD_NOTE]})


def test_what_is_changed_or_added_in_label_studio_is_a_review_of_its_own(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    judge_all(ws, people)
    export_reviews(ws, tmp_path / "said.json")
    task, *_ = _read(tmp_path / "said.json")
    first, second = task["annotations"]
    # Label Studio has given all of them the importer and times of its own; the importer adds what bo said,
    # and changes what ada said.
    for number, row in enumerate((first, second), start=7):
        row |= {"id": number, "completed_by": 1, "updated_at": "2026-11-27T12:00:00Z"}
    added = {**second, "id": 9}
    result = next(row for row in first["result"] if row["from_name"] == "verdict_0")
    result["value"]["choices"] = ["unclear"]
    task["annotations"] = [first, second, added]
    (tmp_path / "export.json").write_text(json.dumps([task]), encoding="utf-8")
    names = tmp_path / "names.csv"
    names.write_text("user,name\n1,eve\n", encoding="utf-8")
    report = import_reviews(ws, tmp_path / "export.json", reviewers=names)
    new = [row for row in load_record(ws) if row.author == "eve"]
    n_classes = [sum(part["from_name"].startswith("verdict_") for part in row["result"]) for row in (first, added)]
    assert report.n_new_reviews == len(new) == sum(n_classes)
    assert {row.submission.split("/")[2] for row in new} == {"7", "9"}


@pytest.mark.parametrize(
    "change",
    [{"submission": ""}, {"created_at": "yesterday"}, {"rows": 3}, {"rows": []}, {"reviewer": 5}, {"seconds": -1}],
)
def test_damaged_reviews_are_refused(
    ws: Workspace, people: dict[str, User], tmp_path: Path, change: dict[str, Any]
) -> None:
    judge_all(ws, people)
    export_reviews(ws, tmp_path / "said.json")
    tasks = _read(tmp_path / "said.json")
    tasks[1]["data"]["reviews"][0] |= change
    (tmp_path / "said.json").write_text(json.dumps(tasks), encoding="utf-8")
    with pytest.raises(InputError, match=r"said.json, task 2, annotation \d+: expected reviews in the task's data as"):
        import_reviews(ws, tmp_path / "said.json")


def test_before_anybody_has_answered_there_is_nothing_to_write(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"expected a review that stands; got none"):
        export_reviews(ws, tmp_path / "said.json")
    assert list(tmp_path.glob("said.*")) == []
