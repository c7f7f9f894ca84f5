"""The reviews that count."""

from __future__ import annotations

from dataclasses import replace

from regrade.panel import effective_reviews
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from tests.said import SAID

FIRST = replace(SAID, id=1, item=4, class_id=7)


def test_a_later_verdict_supersedes_an_earlier_one() -> None:
    later = replace(FIRST, id=2, verdict=Verdict.CORRECT)
    assert effective_reviews([later, FIRST]) == (later,)


def test_a_withdrawn_review_lets_the_earlier_one_count() -> None:
    withdrawn = replace(FIRST, id=2, verdict=Verdict.CORRECT, withdrawn=True)
    assert effective_reviews([FIRST, withdrawn]) == (FIRST,)


def test_problematic_supersedes_verdicts_and_is_superseded_by_later_ones() -> None:
    problematic = replace(FIRST, id=2, class_id=None, verdict=None, problematic=True)
    after = replace(FIRST, id=3, class_id=8)
    assert effective_reviews([FIRST, problematic]) == (problematic,)
    assert effective_reviews([FIRST, problematic, after]) == (after,)


def test_reviewers_and_passes_stand_apart() -> None:
    other = replace(FIRST, id=2, reviewer="bo")
    kind = replace(FIRST, id=3, pass_=Pass.KIND, verdict=None, category="fine-grained", severity="major")
    assert effective_reviews([kind, other, FIRST]) == (kind, FIRST, other)


def test_nothing_gives_nothing() -> None:
    assert effective_reviews([]) == ()
