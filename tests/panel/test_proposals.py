"""What a proposal meets, and what its proposer is told."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from regrade.panel import Hearing, ProposalState, hear_proposal, proposal_state
from regrade.records.labels import LabelSet
from regrade.records.panel import Origin, Pass, Question, QuestionStatus

LABELS = LabelSet(
    # Item 2: class 1 wrong, class 2 correct. Item 5: problematic. Item 9: class 4 unclear. No other is covered.
    split="main",
    n_classes=10,
    items=np.array([2, 5, 9], dtype=np.int32),
    original=np.array([2, -1, 9], dtype=np.int32),
    problematic=np.array([False, True, False]),
    pair_items=np.array([2, 2, 9], dtype=np.int32),
    pair_classes=np.array([1, 2, 4], dtype=np.int32),
    pair_codes=np.array([0, 2, 1], dtype=np.int8),
)


def question(class_id: int, status: str, origin: str) -> Question:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Question(1, "main", 9, class_id, Pass.VERDICT, Origin(origin), QuestionStatus(status), 0, at)


@pytest.mark.parametrize(
    ("item", "class_id", "expected"),
    [
        pytest.param(9, 7, Hearing.OPEN, id="never judged"),
        pytest.param(9, 4, Hearing.JUDGED, id="unclear"),
        pytest.param(2, 1, Hearing.JUDGED, id="wrong"),
        pytest.param(2, 2, Hearing.JUDGED, id="correct"),
        pytest.param(5, 7, Hearing.PROBLEMATIC, id="problematic"),
        pytest.param(3, 7, Hearing.UNGRADED, id="not covered"),
    ],
)
def test_what_the_labels_say(item: int, class_id: int, expected: Hearing) -> None:
    assert hear_proposal(LABELS, item, class_id, (), problematic=False) is expected


@pytest.mark.parametrize(
    ("status", "origin", "expected"),
    [
        *((status, origin, Hearing.ASKED) for status in ("open", "disputed") for origin in ("prediction", "imported")),
        *((status, origin, Hearing.ASKED) for status in ("open", "disputed") for origin in ("added", "proposed")),
        *(("decided", origin, Hearing.JUDGED) for origin in Origin),
        ("closed", "added", Hearing.OPEN),  # its reviewer took it back
        ("open", "label", Hearing.OPEN),  # rides along, by labels that are in use no more
        ("disputed", "label", Hearing.OPEN),
    ],
)
def test_what_the_panel_was_asked(status: str, origin: str, expected: Hearing) -> None:
    asked = [question(7, status, origin), question(8, "open", "prediction")]
    assert hear_proposal(LABELS, 9, 7, asked, problematic=False) is expected
    assert hear_proposal(LABELS, 9, 6, asked, problematic=False) is Hearing.OPEN


def test_an_item_that_was_decided_problematic_is_left_alone() -> None:
    assert hear_proposal(LABELS, 9, 7, (), problematic=True) is Hearing.PROBLEMATIC


def test_a_proposer_is_not_told_whether_reviewers_differ() -> None:
    assert {status: proposal_state(status) for status in QuestionStatus} == {
        QuestionStatus.OPEN: ProposalState.UNDECIDED,
        QuestionStatus.DISPUTED: ProposalState.UNDECIDED,
        QuestionStatus.DECIDED: ProposalState.DECIDED,
        QuestionStatus.CLOSED: ProposalState.CLOSED,
    }
