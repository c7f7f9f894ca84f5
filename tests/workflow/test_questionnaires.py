"""A panel elsewhere is asked: blind, in an order that tells nothing, and its answers settle the cases."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from regrade.errors import InputError
from regrade.panel import effective_reviews
from regrade.records.panel import Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import reviews
from regrade.workflow.cases import make_cases
from regrade.workflow.import_reviews import import_reviews
from regrade.workflow.media_places import MediaPlace
from regrade.workflow.questionnaires import export_questionnaire
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import asked_on, decided, give, predict, set_protocol
from tests.workflow.elsewhere import C, U, W, row_counts

SECRETS = ("alpha", "beta", "gamma", "predict", "original", "img_", "model", "role")
"""What would tell a reviewer something."""


def read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


def read_tasks(file: Path) -> list[dict[str, Any]]:
    return [task["data"] for task in json.loads(file.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", ["q.csv", "q.jsonl", "q.json"])
def test_nothing_tells_a_model_a_role_or_an_answer(
    ws: Workspace, people: dict[str, User], tmp_path: Path, name: str
) -> None:
    make_cases(ws)
    give(ws, people["ada"], {0: C}, added=None)
    report = export_questionnaire(ws, tmp_path / name, media=MediaPlace(copy_to=tmp_path / "media"))
    # cases (0,1), (0,2), (3,2), (7,0) on three items, with the label of each
    assert (report.n_sheets, report.n_classes, report.n_images, report.warnings) == (3, 7, 3, ())
    text = "".join(file.read_text(encoding="utf-8") for file in report.files).replace("original@1", "")
    assert [word for word in SECRETS if word in text.lower()] == []
    names = sorted(file.name for file in (tmp_path / "media").iterdir())
    assert all(re.fullmatch(r"[0-9a-f]{16}\.jpeg", name) for name in names)
    assert sum(name in text for name in names) == 3


def test_labels_stand_among_the_predictions_in_any_order(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    orders, items = set(), set()
    for _ in range(60):
        export_questionnaire(ws, tmp_path / "q.json")
        tasks = read_tasks(tmp_path / "q.json")
        items.add(tuple(task["item"] for task in tasks))
        orders |= {tuple(row["class_id"] for row in task["classes"]) for task in tasks if len(task["classes"]) == 3}
    # all 6 orders of item 0's classes come up with a chance of 1 - 6 * (5/6)^60 > 0.9998, of the 3 items more surely
    assert len(orders) == len(items) == 6


def test_classes_beyond_a_screen_are_asked_in_parts(ws: Workspace, tmp_path: Path) -> None:
    set_protocol(ws, max_classes_per_screen=2)
    make_cases(ws)
    export_questionnaire(ws, tmp_path / "q.json")
    assert sorted(len(task["classes"]) for task in read_tasks(tmp_path / "q.json")) == [1, 2, 2, 2]


def test_asking_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    counts = row_counts(ws)
    export_questionnaire(ws, tmp_path / "q.csv")
    assert row_counts(ws) == counts


def fill(rows: Sequence[dict[str, str]], reviewer: str, words: dict[str, str], file: Path) -> Path:
    """Fill the questionnaire: a verdict by class, `wrong` for the others."""
    for row in rows:
        row["reviewer"] = reviewer
        row["verdict"] = words.get(row["class_id"], "wrong")
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_a_filled_questionnaire_settles_the_cases(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    export_questionnaire(ws, tmp_path / "q.csv")
    rows = read_rows(tmp_path / "q.csv")
    import_reviews(ws, fill(rows, "eve", {"0": "correct", "1": "correct", "3": "correct"}, tmp_path / "eve.csv"))
    import_reviews(ws, fill(rows, "fay", {"0": "correct", "1": "correct", "3": "unclear"}, tmp_path / "fay.csv"))
    found = {pair: row.verdict for pair, row in decided(ws).items()}
    # they differ on class 3, which is item 7's label
    assert found == {(0, 0): C, (0, 1): C, (0, 2): W, (3, 1): C, (3, 2): W, (7, 0): C}
    assert asked_on(ws, 7)[3].status is QuestionStatus.DISPUTED
    report = export_questionnaire(ws, tmp_path / "kind.csv", pass_=Pass.KIND)
    assert (report.n_sheets, report.n_classes) == (2, 2)
    kinds = read_rows(tmp_path / "kind.csv")
    assert {(row["class_name"], row["accepted"]) for row in kinds} == {
        ("pretzel", "bagel; dough"),
        ("pretzel", "dough"),
    }
    for reviewer in ("eve", "fay"):
        for row in kinds:
            row |= {"reviewer": reviewer, "category": "non-prototypical", "severity": "minor"}
        file = tmp_path / f"{reviewer}-kind.jsonl"
        file.write_text("".join(f"{json.dumps(row | {'class_id': int(row['class_id'])})}\n" for row in kinds))
        import_reviews(ws, file)
    assert [asked_on(ws, item, Pass.KIND)[2].status for item in (0, 3)] == [QuestionStatus.DECIDED] * 2


def annotate(task: dict[str, Any], number: int, who: int, answers: dict[str, str], note: str = "") -> dict[str, Any]:
    """What Label Studio's documentation says that an annotation looks like."""
    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=number)
    result: list[dict[str, Any]] = [
        {
            "id": f"r{place}",
            "from_name": tag,
            "to_name": "image",
            "type": "choices",
            "origin": "manual",
            "value": {"choices": [word]},
        }
        for place, (tag, word) in enumerate(answers.items())
    ]
    if note:
        result.append({"from_name": "note", "to_name": "image", "type": "textarea", "value": {"text": [note]}})
    time = at.isoformat().replace("+00:00", "Z")
    return {
        "id": number,
        "completed_by": who,
        "result": result,
        "was_cancelled": False,
        "lead_time": 4.5,
        "created_at": time,
        "updated_at": time,
    }


def test_an_item_that_comes_back_is_answered_anew_in_a_later_questionnaire(ws: Workspace, tmp_path: Path) -> None:
    predict(ws, "gamma", {0: 1})
    export_questionnaire(ws, tmp_path / "q1.csv")
    first = fill(read_rows(tmp_path / "q1.csv"), "eve", {"0": "correct"}, tmp_path / "eve1.csv")
    assert import_reviews(ws, first).n_new_reviews == 2
    predict(ws, "delta", {0: 2})
    export_questionnaire(ws, tmp_path / "q2.csv")
    later = fill(read_rows(tmp_path / "q2.csv"), "eve", {"0": "unclear"}, tmp_path / "eve2.csv")
    for n_new in (3, 0):
        assert import_reviews(ws, later).n_new_reviews == n_new
    assert import_reviews(ws, first).n_new_reviews == 0
    with ws.store.read() as tx:
        said = effective_reviews(reviews.list_item_reviews(tx, "main", 0))
    assert {row.class_id: row.verdict for row in said} == {0: U, 1: W, 2: W}


def test_tasks_annotated_in_label_studio_settle_the_cases(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    report = export_questionnaire(ws, tmp_path / "tasks.json", media=MediaPlace(copy_to=tmp_path / "shown"))
    assert [file.name for file in report.files] == ["tasks.json", "tasks.xml"]
    tasks = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
    assert all(task["data"]["image"].startswith("/data/local-files/?d=shown/") for task in tasks)
    words = {0: "correct", 1: "correct", 2: "wrong", 3: "unclear"}
    for number, task in enumerate(tasks):
        answers = {f"verdict_{at}": words[row["class_id"]] for at, row in enumerate(task["data"]["classes"])}
        task["annotations"] = [annotate(task, 10 * number + who, who, answers, note="'=1\nsecond") for who in (1, 2)]
        task |= {"id": number + 1, "drafts": [], "predictions": []}
    (tmp_path / "export.json").write_text(json.dumps(tasks))
    names = tmp_path / "names.csv"
    names.write_text("user,name\n1,eve\n2,fay\n")
    first = import_reviews(ws, tmp_path / "export.json", reviewers=names)
    assert (first.n_new_reviews, first.new_people) == (14, ("eve", "fay"))
    assert {pair: row.verdict for pair, row in decided(ws).items()} == {
        (0, 0): C,
        (0, 1): C,
        (0, 2): W,
        (3, 1): C,
        (3, 2): W,
        (7, 0): C,
        (7, 3): U,
    }
    with ws.store.read() as tx:
        given = reviews.list_reviews(tx, split="main")
    assert {(row.note, row.labels, row.source) for row in given} == {("'=1\nsecond", "original@1", None)}
    counts = row_counts(ws)
    assert import_reviews(ws, tmp_path / "export.json", reviewers=names).n_new_reviews == 0
    assert row_counts(ws) == counts
    export_questionnaire(ws, tmp_path / "kinds.json", pass_=Pass.KIND)
    kinds = json.loads((tmp_path / "kinds.json").read_text(encoding="utf-8"))
    for number, task in enumerate(kinds):
        said = {"category": "fine-grained", "severity": "major"}
        task["annotations"] = [annotate(task, 100 + 10 * number + who, who, said) for who in (1, 2)]
    (tmp_path / "export.json").write_text(json.dumps(kinds))
    import_reviews(ws, tmp_path / "export.json", reviewers=names)
    assert [asked_on(ws, item, Pass.KIND)[2].status for item in (0, 3)] == [QuestionStatus.DECIDED] * 2


def test_addresses_that_name_a_class_are_warned_of(ws: Workspace, tmp_path: Path) -> None:
    make_cases(ws)
    report = export_questionnaire(ws, tmp_path / "q.csv", media=MediaPlace(prefix="https://example.org/k0/"))
    (warning,) = report.warnings
    # items 0 and 7 are asked about class 0, whose key is k0
    assert warning.startswith("Addresses of images that hold the key or name of a class asked about")
    assert re.search(r": 2, such as https://example\.org/k0/img_\d\.png\. Copy the images", warning)


def test_without_an_open_case_there_is_nothing_to_ask(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"an open case in the pass verdict; got none\. Make cases with"):
        export_questionnaire(ws, tmp_path / "q.csv")
    make_cases(ws)
    with pytest.raises(InputError, match="an open case in the pass kind"):
        export_questionnaire(ws, tmp_path / "q.csv", pass_=Pass.KIND)


def test_a_second_pass_waits_for_the_item_s_first(ws: Workspace, people: dict[str, User], tmp_path: Path) -> None:
    make_cases(ws)
    head = "reviewer,id,class_id,verdict\n"
    for name in ("eve", "fay"):
        (tmp_path / "r.csv").write_text(f"{head}{name},img_0.png,2,wrong\n{name},img_7.png,0,wrong\n")
        import_reviews(ws, tmp_path / "r.csv")
    export_questionnaire(ws, tmp_path / "kind.json", pass_=Pass.KIND)  # (0, 1) is still open
    assert [task["class_id"] for task in read_tasks(tmp_path / "kind.json")] == [0]


def test_images_are_asked_for(ws: Workspace, tmp_path: Path) -> None:
    predict(ws, "gamma", {5: 0})
    (ws.media_root("main") / "img_5.png").unlink()
    with pytest.raises(InputError, match=r"img_5\.png: expected a raster image"):
        export_questionnaire(ws, tmp_path / "q.json", media=MediaPlace(copy_to=tmp_path / "m"))
    assert not (tmp_path / "q.json").exists()
