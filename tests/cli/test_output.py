"""JSON without NaN, CSV without formulas, talk on stderr."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regrade.cli.output import print_csv, print_json, say, warn
from regrade.records.labels import Verdict


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    share: float
    verdict: Verdict
    at: datetime
    file: Path


def test_json_holds_records_with_null_for_nan(capsys: pytest.CaptureFixture[str]) -> None:
    row = _Row("é", math.nan, Verdict.UNCLEAR, datetime(2026, 1, 2, tzinfo=UTC), Path("a/b"))
    print_json([row, {"share": (math.inf, 0.5)}])
    said = capsys.readouterr()
    assert json.loads(said.out) == [
        {"name": "é", "share": None, "verdict": "unclear", "at": "2026-01-02T00:00:00Z", "file": "a/b"},
        {"share": [None, 0.5]},
    ]
    assert "NaN" not in said.out


def test_talk_and_warnings_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    say("so far")
    warn(["one", "two"])
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "so far\nwarning: one\nwarning: two\n"


def test_csv_guards_text_and_leaves_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    print_csv(["name", "share"], [["=SUM(A1)", -0.5], ["plain", None], ["'tis", 1]])
    assert capsys.readouterr().out == "name,share\r\n'=SUM(A1),-0.5\r\nplain,\r\n''tis,1\r\n"
