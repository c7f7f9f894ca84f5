"""import(export(x)) == x: what is written as a table of reviews is read again as it was."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import choose_review_export, read_reviews, write_reviews
from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Purpose
from tests.formats.reviews.conftest import AT, CLASSES, DECISION, IDS, REVIEW, SPLIT, context

# What CSV must quote, what a spreadsheet would run, line ends of all kinds, and what is no plain letter.
ODD = st.sampled_from(
    ["", "=1+1", "+1", "-", "@x", "'tis", "''", 'say "x"', ",", "\n", "\r", "\r\n", "\t", "é", "e\u0301", "🥯"]
)
TEXT = st.lists(
    st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=4))
).map("".join)
FILLED = TEXT.filter(bool)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds it


@st.composite
def answers(draw: st.DrawFn) -> PanelEntry:
    """A whole answer, proposal, vote or decision, on its own."""
    kind = draw(st.sampled_from(EntryKind))
    proposed = kind is EntryKind.PROPOSAL
    pass_ = Pass.VERDICT if proposed else draw(st.sampled_from(Pass))
    flag = not proposed and pass_ is Pass.VERDICT and draw(st.booleans())
    says_verdict, says_kind = pass_ is Pass.VERDICT and not flag and not proposed, pass_ is Pass.KIND
    decided = kind is EntryKind.DECISION
    added = kind is EntryKind.REVIEW and says_verdict and draw(st.booleans())
    return PanelEntry(
        kind=kind,
        submission="" if decided or proposed else draw(FILLED),
        author=draw(FILLED.filter(lambda text: text.strip())),
        item=draw(st.integers(0, len(IDS) - 1)),
        class_id=None if flag else draw(st.integers(0, len(CLASSES) - 1)),
        pass_=pass_,
        verdict=draw(st.sampled_from(Verdict).filter(lambda word: not added or word is not Verdict.WRONG))
        if says_verdict
        else None,
        problematic=flag,
        category=draw(FILLED) if says_kind else None,
        severity=draw(FILLED) if says_kind else None,
        note=draw(TEXT),
        discuss=draw(st.booleans()),
        added=added,
        purpose=draw(st.sampled_from(Purpose)),
        origin=draw(st.none() | st.sampled_from(Origin)),
        method=draw(st.sampled_from(DecisionMethod).filter(lambda word: word is not DecisionMethod.REOPENED))
        if decided
        else None,
        held=decided and draw(st.booleans()),
        labels=draw(FILLED) if decided else draw(st.none() | FILLED),
        published_in=draw(st.none() | FILLED),
        source=draw(st.none() | FILLED),
        protocol=draw(st.none() | st.integers(1, 2**31 - 1)),
        seconds=draw(st.none() | st.floats(0, allow_nan=False, allow_infinity=False)),
        created_at=draw(TIMES) if kind is not EntryKind.REVIEW else draw(st.none() | TIMES),
        withdrawn_at=draw(st.none() | TIMES),
        revealed=draw(st.booleans()),
        withdrawn_revealed=draw(st.booleans()),
    )


def apart(entries: list[PanelEntry]) -> tuple[PanelEntry, ...]:
    """Submissions of their own, so that nothing is said twice; decisions in the order of their making."""
    times = iter(sorted(entry.created_at for entry in entries if _is_decision(entry) and entry.created_at))
    ordered = [replace(entry, created_at=next(times)) if _is_decision(entry) else entry for entry in entries]
    return tuple(
        entry if not entry.submission else replace(entry, submission=f"{entry.submission}{at}")
        for at, entry in enumerate(ordered)
    )


def _is_decision(entry: PanelEntry) -> bool:
    return entry.kind is EntryKind.DECISION


def read_again(entries: tuple[PanelEntry, ...], name: str, folder: Path) -> tuple[PanelEntry, ...]:
    file = folder / f"reviews.{name}"
    file.write_bytes(write_reviews(entries, split=SPLIT, classes=CLASSES, format=name))
    told = read_reviews(file, context())
    assert told == read_reviews(file, context(), format=name)
    assert told.warnings == ()
    return told.entries


RISKY = replace(REVIEW, note='=1+1\r\n\'x\ry, "z"', author="@ada", submission="-1", item=1)
FLAG = replace(REVIEW, class_id=None, verdict=None, problematic=True, submission="s2", seconds=0.1)
REOPENED = replace(DECISION, verdict=None, method=DecisionMethod.REOPENED, held=True)
USABLE = replace(DECISION, class_id=None, verdict=None, method=DecisionMethod.ADJUDICATION)


@pytest.mark.parametrize("name", ["csv", "jsonl"])
@settings(max_examples=40, deadline=None)
@given(entries=st.lists(answers(), min_size=1, max_size=5).map(apart))
@example(entries=(RISKY, FLAG, REOPENED, USABLE))
@example(entries=(REVIEW,))
def test_what_is_written_is_read_again(name: str, entries: tuple[PanelEntry, ...]) -> None:
    with TemporaryDirectory() as folder:
        assert read_again(entries, name, Path(folder)) == entries


@settings(max_examples=6, deadline=None)  # every file is decoded by a process of its own
@given(entries=st.lists(answers(), min_size=1, max_size=5).map(apart))
@example(entries=(RISKY, FLAG, REOPENED, USABLE))
def test_what_is_written_as_parquet_is_read_again(entries: tuple[PanelEntry, ...]) -> None:
    with TemporaryDirectory() as folder:
        assert read_again(entries, "parquet", Path(folder)) == entries


@settings(max_examples=30, deadline=None)
@given(entries=st.lists(answers(), min_size=1, max_size=3).map(apart))
@example(entries=(RISKY,))
def test_no_cell_of_the_csv_is_run_by_a_spreadsheet(entries: tuple[PanelEntry, ...]) -> None:
    text = write_reviews(entries, split=SPLIT, classes=CLASSES, format="csv").decode()
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


def test_the_columns_of_the_csv() -> None:
    entry = replace(REVIEW, note="=1", seconds=2.5, withdrawn_at=AT)
    text = write_reviews((entry,), split=SPLIT, classes=CLASSES, format="csv").decode()
    header, row = csv.reader(io.StringIO(text, newline=""))
    assert dict(zip(header, row, strict=True)) == {
        "record": "review",
        "submission": "s1",
        "reviewer": "ada",
        "id": "a",
        "class_id": "1",
        "class_key": "n2",
        "pass": "verdict",
        "verdict": "wrong",
        "problematic": "0",
        "category": "",
        "severity": "",
        "guarded_note": "'=1",
        "discuss": "0",
        "added": "0",
        "revealed": "0",
        "purpose": "panel",
        "origin": "",
        "method": "",
        "held": "0",
        "labels": "original@1",
        "published_in": "",
        "source": "",
        "protocol": "",
        "seconds": "2.5",
        "created_at": "2026-03-01T12:00:00.000005+00:00",
        "withdrawn_at": "2026-03-01T12:00:00.000005+00:00",
        "withdrawn_revealed": "0",
    }


@pytest.mark.parametrize(
    ("file", "name", "found"), [("a.csv", None, "csv"), ("a.x", "jsonl", "jsonl"), ("a.json", None, "label-studio")]
)
def test_the_format_is_named_or_told_by_the_file(file: str, name: str | None, found: str) -> None:
    assert choose_review_export(Path(file), name) == found


@pytest.mark.parametrize(
    ("file", "name", "match"),
    [
        pytest.param(
            "a.x", None, r"ends in \.csv, \.jsonl, \.parquet, \.json, .* got a\.x\. Name one with --format", id="ending"
        ),
        pytest.param("a.csv", "xml", r"--format: expected a format to write reviews in; got xml", id="format"),
    ],
)
def test_another_format_is_refused(file: str, name: str | None, match: str) -> None:
    with pytest.raises(InputError, match=match):
        choose_review_export(Path(file), name)
