"""Export: the files, and what a card tells of how the labels came about."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.labels import LabelSet, Verdict
from regrade.records.users import User
from regrade.store import decisions, labelsets
from regrade.workflow.adjudicate import Adjudication, adjudicate
from regrade.workflow.cases import make_cases
from regrade.workflow.derive import apply_equivalences, combine_versions
from regrade.workflow.disputes import list_disputes
from regrade.workflow.export import export_version
from regrade.workflow.labels import import_labels, load_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import answer_all

LABELS = "id,correct,unclear,wrong,problematic\nimg_0.png,0,1,2,0\nimg_3.png,1;2,,,1\n"


@pytest.fixture
def other(ws: Workspace, tmp_path: Path) -> Workspace:
    """The workspace with `other@1`, which covers two items."""
    (tmp_path / "other.csv").write_text(LABELS)
    import_labels(ws, "other", tmp_path / "other.csv")
    return ws


def same(one: LabelSet, two: LabelSet) -> bool:
    names = ("items", "original", "problematic", "pair_items", "pair_classes", "pair_codes")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in names)


@pytest.mark.parametrize("file", ["x.csv", "x.parquet"])
def test_what_is_exported_can_be_imported(other: Workspace, tmp_path: Path, file: str) -> None:
    report = export_version(other, "other", tmp_path / file)
    assert (report.version.ref, report.format, report.files) == ("other@1", file.split(".")[1], (tmp_path / file,))
    assert (report.n_items, report.n_verdicts, report.warnings) == (2, 5, ())
    again = import_labels(other, "again", tmp_path / file)
    assert same(load_labels(other, again.version), load_labels(other, "other@1"))
    # by content: even under the same name it is no change
    assert not import_labels(other, "other", tmp_path / file).created


def test_a_lossy_format_says_what_is_lost(other: Workspace, tmp_path: Path) -> None:
    report = export_version(other, "other", tmp_path / "real.json", format="real")
    assert json.loads((tmp_path / "real.json").read_text()) == [[0, 1], [], [], [1, 2], [], [], [], []]
    assert [text.split(" cannot")[0] for text in report.warnings] == [
        "1 verdicts `wrong`",
        "1 verdicts `unclear`",
        "1 problematic items",
        "6 items that are not covered",
    ]


def test_croissant_stands_beside_its_data(other: Workspace, tmp_path: Path) -> None:
    report = export_version(other, "other", tmp_path / "about.json", format="croissant", license="CC0-1.0", url="x:y")
    assert report.files == (tmp_path / "about.json", tmp_path / "other@1.parquet")
    assert pl.read_parquet(report.files[1])["id"].to_list() == ["img_0.png", "img_3.png"]
    assert json.loads(report.files[0].read_text())["license"] == "CC0-1.0"


def test_a_file_of_the_name_is_replaced_whole(other: Workspace, tmp_path: Path) -> None:
    path, link = tmp_path / "x.csv", tmp_path / "link.csv"
    path.write_text("old" * 1000)
    link.symlink_to(path)
    export_version(other, "other", link)
    assert link.is_symlink()
    assert path.read_text().startswith("id,original_label,")
    assert sorted(row.name for row in tmp_path.iterdir() if "writing" in row.name) == []


def test_what_is_no_file_is_left_alone(other: Workspace, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("folder.csv", "pipe.csv"):
        with pytest.raises(InputError, match=rf"{name}: expected a file to write; got a folder, pipe or device"):
            export_version(other, "other", tmp_path / name)
    with pytest.raises(InputError, match=r"x.csv: expected a file that can be written; got No such file or directory"):
        export_version(other, "other", tmp_path / "nowhere" / "x.csv")


def test_nothing_is_written_of_what_cannot_be(other: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no label set none"):
        export_version(other, "none", tmp_path / "x.csv")
    with pytest.raises(InputError, match="ends in one of"):
        export_version(other, "other", tmp_path / "x.json")
    assert not list(tmp_path.glob("x.*"))


def rows_of(text: str, section: str) -> list[list[str]]:
    """The rows of a section's table."""
    lines = text.split(f"## {section}\n\n")[1].partition("\n## ")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:] if line.startswith("|")]


def test_the_card_of_an_import_knows_its_file_and_no_more(other: Workspace, tmp_path: Path) -> None:
    export_version(other, "other", tmp_path / "card.md")
    text = (tmp_path / "card.md").read_text()
    (row,) = rows_of(text, "Where it comes from")
    assert (row[0], row[1], row[3], row[4]) == ("other@1", "-", "local", "imported from other.csv")
    assert "It carries no decision of this workspace's panel." in text
    # alpha says 1 (unclear) on item 0, beta 2 (wrong); item 3 is problematic; nobody was asked anything
    assert rows_of(text, "Whose mistakes were reviewed") == [["alpha", "0", "0", "0"], ["beta", "0", "1", "0"]]


def test_the_card_tells_the_whole_story(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    # Cases: (0, 1), (0, 2), (3, 2), (7, 0). ada and bo differ on (3, 2) alone, which jude decides afterwards.
    make_cases(ws)
    right = {0: {0: Verdict.CORRECT, 1: Verdict.CORRECT}, 3: {1: Verdict.CORRECT}, 7: {3: Verdict.CORRECT}}
    answer_all(ws, people["ada"], right)
    answer_all(ws, people["bo"], right | {3: {1: Verdict.CORRECT, 2: Verdict.CORRECT}})
    publish_labels(ws, by="root", reason="first round")
    (dispute,) = list_disputes(ws)
    settled = Adjudication({2: Verdict.WRONG}, reason="no knot")
    adjudicate(ws, people["jude"], dispute.token, dispute.pass_, settled, key="j")
    publish_labels(ws, by="root", reason="second round")
    (tmp_path / "same.csv").write_text("label,accepts\n3,0\n")
    apply_equivalences(ws, "original", tmp_path / "same.csv", new_name="wide")
    combine_versions(ws, "all", ["original", "wide"], how="union", by="ann")
    export_version(ws, "all", tmp_path / "card.md", license="CC0-1.0")
    text = (tmp_path / "card.md").read_text()
    assert [row[:2] + row[3:] for row in rows_of(text, "Where it comes from")] == [
        ["all@1", "original@3, wide@1", "ann", "union of original@3, wide@1"],
        ["original@3", "original@2", "root", "second round"],
        ["wide@1", "original@3", "local", "classes that mean the same, by same.csv"],
        ["original@2", "original@1", "root", "first round"],
        ["original@1", "-", "local", "the items' own labels"],
    ]
    # the first round: classes 0, 1, 2 of item 0, class 1 of item 3, classes 0 and 3 of item 7
    assert rows_of(text, "How it was reviewed") == [
        ["original@3", "0", "1", "0", "jude"],
        ["original@2", "6", "0", "0", "ada, bo"],
    ]
    blind = "2 reviewers an item, unanimous. Hidden from reviewers: which model predicted a class;"
    assert [f"- original@{version}, protocol 1: {blind}" in text for version in (3, 2, 1)] == [True, True, False]
    # alpha said 1 on item 0 and 2 on item 3, beta 2 on both and 0 on item 7, where 0 is accepted now as 3 is
    assert rows_of(text, "Whose mistakes were reviewed") == [["alpha", "2", "1", "0"], ["beta", "3", "2", "0"]]
    assert text.endswith("## License\n\nCC0-1.0\n")
    # original@2 does not carry what was decided on (3, 2), which both said, and rejects class 0 on item 7
    export_version(ws, "original@2", tmp_path / "older.md")
    older = rows_of((tmp_path / "older.md").read_text(), "Whose mistakes were reviewed")
    assert older == [["alpha", "1", "1", "1"], ["beta", "2", "3", "1"]]


def test_where_nobody_recorded_the_protocol_it_is_unknown(
    ws: Workspace, people: dict[str, User], tmp_path: Path
) -> None:
    # as in workspaces whose versions were published before the journal kept it
    make_cases(ws)
    for name in ("ada", "bo"):
        answer_all(ws, people[name], {0: {0: Verdict.CORRECT}, 3: {1: Verdict.CORRECT}, 7: {3: Verdict.CORRECT}})
    with ws.store.write() as tx:
        waiting = decisions.list_current_decisions(tx, "main", unpublished=True)
        labels, at = load_labels(ws, "original@1"), waiting[0].created_at
        labelsets.save_label_set(
            tx,
            ws.store.arrays,
            labels,
            name="original",
            parent="original@1",
            author="root",
            reason="before",
            warnings=(),
            at=at,
        )
        decisions.save_published(tx, [row.id for row in waiting], "original@2")
    export_version(ws, "original", tmp_path / "card.md")
    assert "- original@2: unknown." in (tmp_path / "card.md").read_text()
