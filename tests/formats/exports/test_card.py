"""The label set card."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from regrade.formats.exports.card import write_card
from regrade.records.panel import Protocol, ProtocolVersion
from regrade.records.provenance import HistoryStep, LabelSheet, ModelReview
from tests.formats.exports.conftest import SheetOf, labels_of, version_of

WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def sections_of(sheet: LabelSheet) -> dict[str, str]:
    text = write_card(sheet).content.decode()
    parts = re.split(r"^##? (.+)\n\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def step_of(version: int, **changes: Any) -> HistoryStep:
    fields: dict[str, Any] = {
        "sources": (f"reviewed@{version - 1}",) if version > 1 else (),
        "n_consensus": 0,
        "n_adjudicated": 0,
        "n_imported": 0,
        "deciders": (),
        "protocol": None,
    }
    parent = f"reviewed@{version - 1}" if version > 1 else None
    return HistoryStep(version=version_of(version=version, parent=parent), **fields | changes)


ROWS = [
    (0, 0, {0: "correct", 1: "wrong", 2: "wrong", 3: "unclear"}, False),
    (1, 1, {}, True),
    (2, 3, {1: "wrong"}, False),
]


def test_it_counts_what_it_holds(sheet_of: SheetOf) -> None:
    told = sections_of(sheet_of(ROWS))
    assert next(iter(told)) == "reviewed@2: a label set card"
    assert "- Version 2, made on 2026-03-01 12:30 UTC by ada." in told["reviewed@2: a label set card"]
    assert f"`{'ab' * 32}`" in told["reviewed@2: a label set card"]
    # c accepts no class and is not problematic; classes 0 and 3 have an item left
    assert told["What it holds"].splitlines()[2:] == [
        "| items covered | 3 of 3 |",
        "| problematic items, left out of grades | 1 |",
        "| other items without an accepted class | 1 |",
        "| verdicts: correct | 1 |",
        "| verdicts: unclear | 1 |",
        "| verdicts: wrong | 3 |",
        "| classes with an item that is not problematic | 2 of 4 |",
    ]


def test_what_is_not_known_is_said_to_be_unknown(sheet_of: SheetOf) -> None:
    told = sections_of(sheet_of(ROWS))
    assert "- Published at: unknown." in told["reviewed@2: a label set card"]
    assert told["Where it comes from"] == told["License"] == "Unknown."
    assert told["How it was reviewed"].endswith("How the labels that were imported came about is unknown here.")
    assert told["Whose mistakes were reviewed"].startswith("No model's predictions are in the workspace")
    assert told["Intended use"].startswith("To grade classifiers on these items.")


def test_what_the_user_says_stands_in_it(sheet_of: SheetOf) -> None:
    told = sections_of(
        sheet_of(ROWS, license="CC-BY-4.0", url="https://example.org/x_y", intended_use="For fun <only>.")
    )
    assert told["License"] == "CC-BY-4.0"
    assert told["Intended use"] == r"For fun \<only\>."
    assert r"- Published at: https://example.org/x\_y." in told["reviewed@2: a label set card"]


def test_the_history_with_what_had_to_be_settled(sheet_of: SheetOf) -> None:
    first = HistoryStep(
        version=version_of(
            version=1, parent=None, author="bo", reason="imported from a|b.csv", warnings=("3 overlaps.",)
        ),
        sources=(),
        n_consensus=0,
        n_adjudicated=0,
        n_imported=0,
        deciders=(),
        protocol=None,
    )
    history = (step_of(2, sources=("reviewed@1", "real@1")), first)
    lines = sections_of(sheet_of(ROWS, history=history))["Where it comes from"].splitlines()
    assert lines[2:4] == [
        "| reviewed@2 | reviewed@1, real@1 | 2026-03-01 12:30 | ada | first round |",
        r"| reviewed@1 | - | 2026-03-01 12:30 | bo | imported from a\|b.csv |",
    ]
    assert lines[-1] == "- reviewed@1: 3 overlaps."
    assert "settled" not in sections_of(sheet_of(ROWS, history=history[:1]))["Where it comes from"]


def test_decisions_by_how_they_came_about_and_the_protocol_of_each_publication(sheet_of: SheetOf) -> None:
    half_blind = Protocol(n_reviewers=3, rule="majority", blind_roles=False)
    seeing = Protocol(blind_model=False, blind_roles=False, blind_peers=False)
    history = (
        step_of(4, n_adjudicated=2, deciders=("jude",), protocol=seeing),
        step_of(3, n_consensus=1200, n_imported=7, deciders=("ada", "bo"), protocol=half_blind),
        step_of(2, n_imported=1, deciders=("panel",)),
        step_of(1),
    )
    lines = sections_of(sheet_of(ROWS, history=history))["How it was reviewed"].splitlines()
    assert lines[2:5] == [
        "| reviewed@4 | 0 | 2 | 0 | jude |",
        "| reviewed@3 | 1,200 | 0 | 7 | ada, bo |",
        "| reviewed@2 | 0 | 0 | 1 | panel |",
    ]
    assert lines[-1] == "- reviewed@2: unknown."
    assert lines[-2] == f"- reviewed@3: {half_blind.describe()}"
    assert lines[-3] == f"- reviewed@4: {seeing.describe()}"


def test_the_versions_of_the_protocol_under_which_it_was_answered(sheet_of: SheetOf) -> None:
    first = ProtocolVersion(1, Protocol(), "regrade.toml", "as the workspace began", WHEN)
    second = ProtocolVersion(2, Protocol(n_reviewers=3), "ursula", "more of us", WHEN)
    step = step_of(2, n_consensus=3, deciders=("ada",), protocol=Protocol(n_reviewers=9), protocols=(first, second))
    lines = sections_of(sheet_of(ROWS, history=(step,)))["How it was reviewed"].splitlines()
    assert lines[-2] == f"- reviewed@2, protocol 1: {Protocol().describe()}"
    assert lines[-1].startswith("- reviewed@2, protocol 2: 3 reviewers an item, unanimous.")


def test_whose_mistakes_were_reviewed_and_whose_were_not(sheet_of: SheetOf) -> None:
    models = (ModelReview("alpha", 12, 30, 0), ModelReview("beta", 0, 1500, 1200), ModelReview("gamma", 3, 9, 4))
    told = sections_of(sheet_of(ROWS, models=models))
    assert told["Whose mistakes were reviewed"].splitlines()[2:5] == [
        "| alpha | 12 | 30 | 0 |",
        "| beta | 0 | 1,500 | 1,200 |",
        "| gamma | 3 | 9 | 4 |",
    ]
    limits = told["Known biases and limits"]
    assert "2 of 3 models have mistakes that nobody reviewed; the most has beta: 1,200 of 1,500." in limits
    reviewed = sections_of(sheet_of(ROWS, models=models[:1]))["Known biases and limits"]
    assert "have mistakes that nobody reviewed" not in reviewed


@pytest.mark.parametrize(
    ("rows", "is_part", "lacks_classes"),
    [
        pytest.param(ROWS, False, True, id="whole"),
        pytest.param(ROWS[:2], True, True, id="part"),
        pytest.param([(0, 0, {}, False), (1, 1, {}, False)], True, False, id="two-classes-of-two"),
    ],
)
def test_limits_of_coverage(sheet_of: SheetOf, rows: Any, is_part: bool, lacks_classes: bool) -> None:
    labels = labels_of(rows, n_classes=4 if lacks_classes else 2)
    limits = sections_of(sheet_of([], labels=labels))["Known biases and limits"]
    assert ("1 items of the split are not covered" in limits) is is_part
    assert ("Some classes have no item at all" in limits) is lacks_classes


def test_names_from_outside_cannot_break_the_page(sheet_of: SheetOf) -> None:
    evil = "a|b\n# x <script>*b*</script> [l](u) `c` &amp;"
    text = write_card(sheet_of(ROWS, benchmark=evil, models=(ModelReview(evil, 1, 1, 1),))).content.decode()
    assert "<script>" not in text
    assert r"a\|b \# x \<script\>\*b\*\</script\> \[l\](u) \`c\` &amp;amp;" in text
    assert "\n# x" not in text
