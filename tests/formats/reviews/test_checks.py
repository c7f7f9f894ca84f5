"""What must be whole in a file of reviews, beyond single cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from regrade.errors import InputError
from regrade.formats.reviews.checks import check_entries, count_late_decisions
from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from tests.formats.reviews.conftest import AT, DECISION, REVIEW

FLAG = replace(REVIEW, class_id=None, verdict=None, problematic=True)
PROPOSAL = replace(REVIEW, kind=EntryKind.PROPOSAL, submission="", verdict=None)
KIND = replace(REVIEW, pass_=Pass.KIND, verdict=None, category="odd", severity="major")


def test_what_belongs_together_is_fine() -> None:
    check_entries(
        [
            REVIEW,
            replace(REVIEW, class_id=2),
            replace(KIND, source="paper.json"),  # a judgement's two passes are one submission
            replace(FLAG, author="bo"),  # another's submission of that name
            replace(REVIEW, kind=EntryKind.VOTE),
            PROPOSAL,
            replace(PROPOSAL, author="bo"),
            DECISION,
            DECISION,  # decided, taken back and decided again: a history
            replace(DECISION, class_id=None, verdict=None),  # not problematic after all
        ]
    )


def test_decisions_out_of_order_are_counted() -> None:
    """Of one question at a time; what came at one time is in order."""
    earlier = replace(DECISION, created_at=AT - timedelta(hours=1))
    elsewhere = replace(earlier, item=1)
    assert count_late_decisions([DECISION, DECISION, elsewhere, REVIEW]) == 0
    assert count_late_decisions([earlier, DECISION, elsewhere]) == 0
    assert count_late_decisions([DECISION, earlier, replace(earlier, class_id=2), earlier]) == 2


@pytest.mark.parametrize(
    ("more", "match"),
    [
        pytest.param(FLAG, "one answer a class in a submission, or a problematic item alone", id="verdict and flag"),
        pytest.param(replace(REVIEW, verdict=Verdict.CORRECT), "one answer a class", id="class twice"),
        pytest.param(replace(REVIEW, item=1, class_id=2), "one item a submission", id="another item"),
        pytest.param(KIND, "one pass a submission; got another pass in", id="another pass"),
        pytest.param(replace(KIND, submission="s2", verdict=Verdict.WRONG), "in the pass kind", id="both passes"),
        pytest.param(replace(PROPOSAL, verdict=Verdict.WRONG), "a proposal of a class", id="proposal that answers"),
        pytest.param(replace(PROPOSAL, class_id=None), "a proposal of a class", id="proposal of nothing"),
        pytest.param(replace(PROPOSAL, created_at=None), "a proposal with created_at", id="proposal without a time"),
        pytest.param(replace(FLAG, submission="s2", pass_=Pass.KIND), "either a problematic item", id="flag in kind"),
    ],
)
def test_what_contradicts_itself_is_refused(more: PanelEntry, match: str) -> None:
    with pytest.raises(InputError, match=match):
        check_entries([REVIEW, more])
