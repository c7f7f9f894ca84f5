"""Annotated tasks of Label Studio. `tests/formats/reviews/data/answered.json` is what it exported of some of ours."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from regrade.formats import write_answered
from regrade.records.exchange import AnsweredSheet, EntryKind, PanelEntry, QuestionSheet, ShownClass
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.records.settings import DEFAULT_TAXONOMY

BAGEL, DOUGH = ShownClass(0, "k0", "bagel", "a ring"), ShownClass(1, "k1", "dough", "raw")
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def entry(author: str, class_id: int | None, pass_: Pass = Pass.VERDICT, **fields: Any) -> PanelEntry:
    return PanelEntry(
        EntryKind.REVIEW, f"s-{author}", author, 0, class_id, pass_, created_at=AT, labels="original@1", **fields
    )


def test_answers_stand_in_the_tags_of_their_classes() -> None:
    sheet = QuestionSheet("item-ab", "x/1.png", Pass.VERDICT, "original@1", "", (BAGEL, DOUGH))
    ada = (
        entry("ada@example.org", 1, verdict=Verdict.WRONG, note="raw", seconds=2.5),
        entry("ada@example.org", 0, verdict=Verdict.CORRECT, seconds=2.5),
    )
    bo = (entry("bo", None, problematic=True),)
    made = write_answered([AnsweredSheet(sheet, "1.png", (ada, bo))], taxonomy=DEFAULT_TAXONOMY)
    assert [ending for ending, _ in made.companions] == [".xml"]
    (task,) = json.loads(made.content)
    first, second = task["annotations"]
    assert [(row["from_name"], row["to_name"], row["type"], row["value"]) for row in first["result"]] == [
        ("verdict_1", "guide_1", "choices", {"choices": ["wrong"]}),
        ("verdict_0", "guide_0", "choices", {"choices": ["correct"]}),
        ("note", "image", "textarea", {"text": ["raw"]}),
    ]
    assert (first["completed_by"], first["lead_time"]) == ({"email": "ada@example.org"}, 2.5)
    assert first["created_at"] == first["updated_at"] == "2026-03-01T12:00:00+00:00"
    assert "completed_by" not in second  # Label Studio refuses who is no user of its own
    assert [(row["from_name"], row["value"]) for row in second["result"]] == [
        ("problematic", {"choices": ["problematic"]})
    ]
    assert (task["data"]["item_id"], [row["reviewer"] for row in task["data"]["reviews"]]) == (
        "1.png",
        ["ada@example.org", "bo"],
    )


def test_a_kind_stands_in_the_tags_of_the_second_pass() -> None:
    sheet = QuestionSheet("item-ab", "x/1.png", Pass.KIND, "original@1", "", (DOUGH,), (BAGEL,))
    said = (entry("bo", 1, Pass.KIND, category="fine-grained", severity="minor"),)
    (task,) = json.loads(write_answered([AnsweredSheet(sheet, "1.png", (said,))], taxonomy=DEFAULT_TAXONOMY).content)
    assert task["data"]["reviews"][0]["answers"] == {"category": ["fine-grained"], "severity": ["minor"]}
    assert (task["data"]["name"], task["data"]["accepted"]) == ("dough", "bagel")
