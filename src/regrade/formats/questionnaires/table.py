"""A questionnaire as a table, one class of an item a row: filled, it is a table of reviews."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from regrade.formats.spreadsheets import encode_csv
from regrade.records.exchange import QuestionSheet
from regrade.records.panel import Pass

_ANSWERS = {Pass.VERDICT: ("verdict", "problematic", "note"), Pass.KIND: ("category", "severity", "note")}
"""The columns to fill in each pass, after the reviewer's name."""


def write_csv(sheets: Sequence[QuestionSheet]) -> bytes:
    """As CSV, safe to open in a spreadsheet."""
    return encode_csv(_frame(sheets))


def write_jsonl(sheets: Sequence[QuestionSheet]) -> bytes:
    """As JSON Lines, one object a class."""
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in _frame(sheets).iter_rows(named=True)).encode()


def _frame(sheets: Sequence[QuestionSheet]) -> pl.DataFrame:
    pass_ = sheets[0].pass_
    rows = [
        {
            "item": sheet.token,
            "media": sheet.media,
            "class_id": shown.class_id,
            "class_key": shown.key,
            "class_name": shown.name,
            "definition": shown.definition,
            **({"accepted": "; ".join(row.name for row in sheet.accepted)} if pass_ is Pass.KIND else {}),
            "pass": str(pass_),
            "labels": sheet.labels,
            "questionnaire": sheet.questionnaire,
            **dict.fromkeys(("reviewer", *_ANSWERS[pass_]), ""),
        }
        for sheet in sheets
        for shown in sheet.classes
    ]
    return pl.DataFrame(rows)
