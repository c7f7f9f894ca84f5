"""Reviews that went through Label Studio: what Label Studio 1.23 exported of annotated tasks that were written here.

It gave all annotations to user 1, who imported them, and times of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from regrade.errors import InputError
from regrade.formats import read_reviews
from regrade.records.exchange import PanelEntry
from tests.formats.reviews.test_label_studio import DATA, C, U, W, context, said

if TYPE_CHECKING:
    from tests.formats.conftest import Write

SAID = [
    ("ada", 0, 1, C, False),
    ("ada", 0, 0, C, False),
    ("ada", 0, 2, W, False),
    ("ada", 0, 3, U, False),
    ("bo", 0, 2, W, False),
    ("bo", 0, 0, C, False),
    ("bo", 0, 1, C, False),
    ("bo", 0, 3, W, False),
    ("ada", 3, 1, C, False),
    ("ada", 3, 2, W, False),
    ("bo", 3, 2, U, False),
    ("bo", 3, 1, C, False),
    ("ada", 7, None, None, True),
    ("bo", 7, 3, C, False),
    ("bo", 7, 0, U, False),
]
"""As it stands under `reviews` in the file."""
Change = Callable[[dict[str, Any]], object]


def key(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(map(str, row))


def read_changed(write: Write, *changes: Change) -> tuple[PanelEntry, ...]:
    """What is read after the first task was changed."""
    tasks = json.loads((DATA / "answered.json").read_text(encoding="utf-8"))
    for change in changes:
        change(tasks[0])
    return read_reviews(write("f.json", json.dumps(tasks)), context(names={"1": "eve"})).entries


def test_what_comes_back_unchanged_is_the_review_that_it_was() -> None:
    entries = read_reviews(DATA / "answered.json", context()).entries
    assert sorted(said(entries), key=key) == sorted(SAID, key=key)
    times = {(row.author, row.item): row.created_at for row in entries}
    assert times["ada", 0] == datetime(2026, 11, 28, 3, 52, 36, 731562, UTC)
    assert {row.submission for row in entries if (row.author, row.item) == ("ada", 0)} == {
        "2e086a184ae54d53be1b54b19813d58d"
    }
    assert [(row.item, row.class_id) for row in entries if row.added] == [(0, 3)]
    assert [(row.item, row.note) for row in entries if row.discuss] == [(7, '=1+1\r\n\'x\ry, "z" é 🥯')]
    assert {row.labels for row in entries} == {"original@1"}


def test_whoever_says_the_same_once_more_is_somebody_else(write: Write) -> None:
    def again(task: dict[str, Any]) -> None:
        task["annotations"].append({**task["annotations"][1], "id": 99})

    entries = read_changed(write, again)
    assert [row.author for row in entries if row.item == 0] == ["ada"] * 4 + ["bo"] * 4 + ["eve"] * 4
    (submission,) = {row.submission for row in entries if row.author == "eve"}
    assert submission.startswith("label-studio/eve/99/")


def test_of_two_who_said_the_same_the_annotator_that_is_known_counts(write: Write) -> None:
    def alike(task: dict[str, Any]) -> None:
        ada, bo = task["data"]["reviews"]
        first, second = task["annotations"]
        bo |= {"answers": ada["answers"], "rows": [{**row, "added": False} for row in ada["rows"]]}
        second["result"] = first["result"]
        first["completed_by"], second["completed_by"] = {"id": 2, "email": "bo"}, {"id": 1, "email": "ada"}

    entries = [row for row in read_changed(write, alike) if row.item == 0]
    assert [row.author for row in entries] == ["bo"] * 4 + ["ada"] * 4


@pytest.mark.parametrize(
    "change",
    [
        {"reviewer": "a\x00"},
        {"labels": 3},
        {"answers": ["verdict_0"]},
        {"rows": [{"class_id": 0}]},
        {"rows": [{"class_id": [0]}]},
        {"created_at": "2026-11-28"},
    ],
)
def test_reviews_that_are_not_as_they_were_written_are_refused(write: Write, change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"task 1, annotation 13: expected reviews in the task's data as"):
        read_changed(write, lambda task: task["data"]["reviews"][0].update(change))


def test_an_item_of_neither_a_token_nor_an_id_is_refused(write: Write) -> None:
    with pytest.raises(InputError, match=r"or name the item by item_id"):
        read_changed(write, lambda task: task["data"].update(item_id="img_9.png"))
