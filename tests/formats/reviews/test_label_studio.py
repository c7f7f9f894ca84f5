"""Label Studio's exports: files that Label Studio 1.23 wrote of tasks of ours, and what must be refused.

The first pass was annotated by user 1 on the page, by user 2 over the API; the second pass by user 1 on the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import ReviewContext, read_reviews
from regrade.records.classes import ClassList
from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.items import Split
from regrade.records.labels import Verdict
from regrade.records.panel import Pass

if TYPE_CHECKING:
    from tests.formats.conftest import Write

DATA = Path(__file__).parent / "data"
IDS = tuple(f"img_{at}.png" for at in range(8))
SPLIT = Split("main", IDS, np.zeros(8, np.int32), ("",) * 8)
CLASSES = ClassList(("k0", "k1", "k2", "k3"), ("bagel", "<b>dough</b>", 'pretzel "knot"', "bun"), ("",) * 4, ("",) * 4)
TOKENS = {"item-865907b450fe347c": 0, "item-0acef8b71e006503": 3, "item-bc32dd7a669df3b2": 7}
C, U, W = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG


def context(**fields: Any) -> ReviewContext:
    return ReviewContext(SPLIT, CLASSES, TOKENS.get, **fields)


def said(entries: tuple[PanelEntry, ...]) -> list[tuple[object, ...]]:
    return [(row.author, row.item, row.class_id, row.verdict, row.problematic) for row in entries]


FIRST_PASS = [
    ("1", 0, 2, W, False),
    ("1", 0, 1, U, False),
    ("1", 0, 0, C, False),
    ("2", 0, 2, W, False),
    ("2", 0, 1, U, False),
    ("2", 0, 0, C, False),
    ("1", 3, 2, W, False),
    ("1", 3, 1, C, False),
    ("2", 3, 2, W, False),
    ("2", 3, 1, C, False),
    ("1", 7, None, None, True),
]


def test_the_first_pass() -> None:
    record = read_reviews(DATA / "first_pass.json", context())
    assert said(record.entries) == FIRST_PASS
    first = record.entries[0]
    assert first == PanelEntry(
        kind=EntryKind.REVIEW,
        submission="label-studio/1/5/2026-11-27T16:39:00.954241+00:00",
        author="1",
        item=0,
        class_id=2,
        pass_=Pass.VERDICT,
        verdict=W,
        note='=1+1 a "note"\nsecond é line',
        labels="original@1",
        seconds=12.804,
        created_at=datetime(2026, 11, 27, 16, 39, 0, 954241, tzinfo=UTC),
    )
    assert record.warnings == ("Skipped annotations, left out: 1.",)


@pytest.mark.parametrize("name", ["first_pass", "second_pass"])
def test_json_min_says_the_same(name: str) -> None:
    def key(entry: PanelEntry) -> str:
        return f"{entry.submission}/{entry.class_id}"

    whole = read_reviews(DATA / f"{name}.json", context(), format="label-studio").entries
    flat = read_reviews(DATA / f"{name}_min.json", context()).entries
    assert sorted(flat, key=key) == sorted(whole, key=key)


def test_the_second_pass() -> None:
    record = read_reviews(DATA / "second_pass.json", context(names={"1": "ada"}))
    assert [
        (row.author, row.item, row.class_id, row.pass_, row.category, row.severity, row.note) for row in record.entries
    ] == [
        ("ada", 0, 2, Pass.KIND, "fine-grained", "minor", "note"),
        ("ada", 3, 2, Pass.KIND, "non-prototypical", "major", ""),
    ]


def test_the_export_for_other_users_says_who_in_full(write: Write) -> None:
    tasks = load("first_pass.json")
    tasks[0]["annotations"][0]["completed_by"] = {
        "id": 1,
        "email": "ada@example.org",
        "first_name": "",
        "last_name": "",
    }
    tasks[0]["annotations"][1]["completed_by"] = "bo@example.org"
    file = write("t.json", json.dumps(tasks))
    assert [row.author for row in read_reviews(file, context()).entries][:4] == ["ada@example.org"] * 3 + [
        "bo@example.org"
    ]
    for called in ("1", "ada@example.org"):
        assert read_reviews(file, context(names={called: "Ada"})).entries[0].author == "Ada"


def load(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def annotation(tasks: Any) -> Any:
    return tasks[0]["annotations"][0]


def change(tasks: Any, tag: str, value: object) -> None:
    """Another value for what one control tag holds."""
    for result in annotation(tasks)["result"]:
        if result["from_name"] == tag:
            result["value"] = value


def test_drafts_predictions_and_tags_of_the_team_s_own_are_nothing(write: Write) -> None:
    tasks = load("first_pass.json")
    extra = {"from_name": "mood", "to_name": "image", "type": "rating", "value": {"rating": 3}}
    annotation(tasks)["result"].append(extra)
    tasks[2]["drafts"] = tasks[2]["predictions"] = deepcopy(tasks[0]["annotations"])
    assert said(read_reviews(write("t.json", json.dumps(tasks)), context()).entries) == FIRST_PASS


def test_a_note_may_be_plain_text(write: Write) -> None:
    tasks = load("first_pass.json")
    change(tasks, "note", {"text": "as a program writes it"})
    notes = {entry.note for entry in read_reviews(write("t.json", json.dumps(tasks)), context()).entries}
    assert "as a program writes it" in notes


def test_problematic_and_verdicts_together_are_problematic_and_counted(write: Write) -> None:
    tasks = load("first_pass.json")
    flag = {"from_name": "problematic", "to_name": "image", "type": "choices", "value": {"choices": ["problematic"]}}
    annotation(tasks)["result"].append(flag)
    record = read_reviews(write("t.json", json.dumps(tasks)), context())
    assert said(record.entries)[0] == ("1", 0, None, None, True)
    assert record.warnings[-1] == (
        "Annotations that give verdicts and call the image problematic, taken as problematic: 1."
    )


def test_annotations_without_an_answer_are_left_out_and_counted(write: Write) -> None:
    tasks = load("first_pass.json")
    annotation(tasks)["result"] = []
    change(tasks, "note", {"text": []})
    record = read_reviews(write("t.json", json.dumps(tasks)), context())
    assert said(record.entries) == FIRST_PASS[3:]
    assert "Annotations without an answer, left out: 1." in record.warnings


def test_a_changed_annotation_is_a_later_answer(write: Write) -> None:
    tasks = load("first_pass.json")
    annotation(tasks)["updated_at"] = "2026-11-28T08:00:00Z"
    change(tasks, "verdict_0", {"choices": ["correct"]})
    (changed, *_) = read_reviews(write("t.json", json.dumps(tasks)), context()).entries
    (before, *_) = read_reviews(DATA / "first_pass.json", context()).entries
    later = datetime(2026, 11, 28, 8, tzinfo=UTC)
    submission = "label-studio/1/5/2026-11-28T08:00:00+00:00"
    assert changed == replace(before, verdict=C, created_at=later, submission=submission)


Spoil = Callable[[Any], None]


def _set(path: str, value: object) -> Spoil:
    def spoil(tasks: Any) -> None:
        *steps, last = path.split(".")
        place = tasks[0]
        for step in steps:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value

    return spoil


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        pytest.param(_set("data", None), "task 1: expected an object: the task's data; got None", id="no data"),
        pytest.param(
            _set("annotations", 3), "task 1: expected a list of objects, each an annotation; got 3", id="no list"
        ),
        pytest.param(
            _set("data.item", "item-77"),
            "task 1, annotation 5: expected the token of an item .* got 'item-77'. Import it into the work",
            id="item",
        ),
        pytest.param(
            _set("data.pass", "third"),
            "task 1, annotation 5: expected a task of the pass verdict or kind; got 'third'",
            id="pass",
        ),
        pytest.param(
            _set("data.classes", []),
            "task 1, annotation 5: expected one of the task's 0 classes; got verdict_0",
            id="no classes",
        ),
        pytest.param(
            _set("data.classes", [7]),
            "task 1, annotation 5: expected an object: a class; got 7",
            id="class is no object",
        ),
        pytest.param(
            _set("data.classes", [{"class_id": 9}]), r"task 1, annotation 5: expected a class id 0\.\.3", id="class"
        ),
        pytest.param(
            _set("data.classes", [{"class_id": "k2"}]), "task 1, annotation 5: expected a class id", id="key for an id"
        ),
        pytest.param(
            _set("data.classes", [{"class_id": 2, "key": "k1"}]),
            "task 1, annotation 5: expected class 2 to have the key k2; got 'k1'. Check that both",
            id="permuted classes",
        ),
        pytest.param(
            _set("annotations.0.completed_by", None),
            "task 1, annotation 5: expected completed_by to be a user's id, email, .* got None. Name the",
            id="nobody",
        ),
        pytest.param(
            _set("annotations.0.completed_by", True),
            "task 1, annotation 5: expected completed_by",
            id="flag for a user",
        ),
        pytest.param(
            _set("annotations.0.id", None),
            "task 1, annotation None: expected an annotation with an id; got None",
            id="no id",
        ),
        pytest.param(
            _set("annotations.0.updated_at", "yesterday"),
            "task 1, annotation 5: expected a time with its zone, .* got 'yesterday'",
            id="time",
        ),
        pytest.param(
            _set("annotations.0.lead_time", -1),
            "task 1, annotation 5: expected a time .* seconds from 0 on; got .* -1",
            id="seconds",
        ),
        pytest.param(
            _set("annotations.0.result", "x"),
            "task 1, annotation 5: expected a list of objects, each a result",
            id="result",
        ),
        pytest.param(
            lambda tasks: change(tasks, "verdict_0", {"choices": ["maybe"]}),
            r"task 1, annotation 5: expected one of wrong, unclear, correct in verdict_0; got \['maybe'\]",
            id="verdict",
        ),
        pytest.param(
            lambda tasks: change(tasks, "verdict_0", {"choices": ["wrong", "correct"]}),
            r"in verdict_0; got \['wrong', 'correct'\]",
            id="two verdicts",
        ),
        pytest.param(
            lambda tasks: change(tasks, "verdict_0", {"choices": "wrong"}),
            "expected a list of texts in verdict_0; got 'wrong'",
            id="no list of choices",
        ),
        pytest.param(
            lambda tasks: change(tasks, "verdict_0", 3), "expected an object: the value of verdict_0; got 3", id="value"
        ),
        pytest.param(
            lambda tasks: change(tasks, "note", {"text": ["\ud800"]}),
            "expected a list of texts in note",
            id="half a character",
        ),
        pytest.param(
            lambda tasks: annotation(tasks)["result"].append(annotation(tasks)["result"][0]),
            "task 1, annotation 5: expected one result of verdict_0; got two",
            id="tag twice",
        ),
    ],
)
def test_bad_tasks_are_named(write: Write, spoil: Spoil, message: str) -> None:
    tasks = load("first_pass.json")
    spoil(tasks)
    with pytest.raises(InputError, match=message):
        read_reviews(write("t.json", json.dumps(tasks)), context(), format="label-studio")


def test_half_of_a_kind_is_named(write: Write) -> None:
    tasks = load("second_pass.json")
    annotation(tasks)["result"] = [row for row in annotation(tasks)["result"] if row["from_name"] != "severity"]
    with pytest.raises(InputError, match=r"task 1, .*: expected a category and a severity; got no severity"):
        read_reviews(write("t.json", json.dumps(tasks)), context())


@pytest.mark.parametrize(
    ("text", "format_", "match"),
    [
        pytest.param("[]", "label-studio", "expected an annotation with an answer; got none", id="no task"),
        pytest.param("{}", "label-studio", "expected a list of objects, each a task; got {}", id="object"),
        pytest.param("[1]", "label-studio-min", "expected an object: an annotation; got 1", id="number"),
        pytest.param(
            '[{"annotations": []}]', None, "task 1: expected an object: the task's data", id="task without data"
        ),
        pytest.param('[{"data": {}}]', None, "expected reviews in one of the known formats", id="other JSON"),
        pytest.param('[{"annotations": [], "annotations": []}]', None, "the key 'annotations' twice", id="key twice"),
        pytest.param('[{"annotations": NaN}]', None, "NaN, which is no JSON number", id="NaN"),
        pytest.param("[" * 10_000, "label-studio", "nested too deep|expected JSON", id="10,000 levels"),
    ],
)
def test_other_json_is_refused(write: Write, text: str, format_: str | None, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read_reviews(write("t.json", text), context(), format=format_)


def test_json_min_of_several_texts_and_choices(write: Write) -> None:
    (row, *_) = load("first_pass_min.json")
    row |= {"note": {"text": ["one", "two"]}, "verdict_0": [{"choices": ["wrong"]}]}
    entries = read_reviews(write("t.json", json.dumps([row])), context()).entries
    assert {entry.note for entry in entries} == {"one\ntwo"}
    assert entries[0].verdict is W
