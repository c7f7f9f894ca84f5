"""Questionnaires as tables."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from regrade.formats.questionnaires.table import write_csv, write_jsonl
from regrade.records.exchange import QuestionSheet, ShownClass
from regrade.records.panel import Pass

BAGEL, DOUGH = ShownClass(0, "k0", "bagel", "a ring"), ShownClass(1, "k1", "=dough", "")
SHEET = QuestionSheet("item-ab", "x/1.png", Pass.VERDICT, "original@1", "q1", (DOUGH, BAGEL))


def test_one_row_a_class_in_the_order_shown_with_cells_to_fill() -> None:
    assert list(csv.reader(io.StringIO(write_csv([SHEET]).decode()))) == [
        [
            *("item", "media", "class_id", "class_key", "guarded_class_name", "definition", "pass", "labels"),
            *("questionnaire", "reviewer", "verdict", "problematic", "note"),
        ],
        ["item-ab", "x/1.png", "1", "k1", "'=dough", "", "verdict", "original@1", "q1", "", "", "", ""],
        ["item-ab", "x/1.png", "0", "k0", "bagel", "a ring", "verdict", "original@1", "q1", "", "", "", ""],
    ]


def test_the_second_pass_tells_what_is_accepted_and_asks_the_kind() -> None:
    sheet = replace(SHEET, pass_=Pass.KIND, classes=(DOUGH,), accepted=(BAGEL, replace(BAGEL, name="bun")))
    assert json.loads(write_jsonl([sheet])) == {
        "item": "item-ab",
        "media": "x/1.png",
        "class_id": 1,
        "class_key": "k1",
        "class_name": "=dough",
        "definition": "",
        "accepted": "bagel; bun",
        "pass": "kind",
        "labels": "original@1",
        "questionnaire": "q1",
        "reviewer": "",
        "category": "",
        "severity": "",
        "note": "",
    }
