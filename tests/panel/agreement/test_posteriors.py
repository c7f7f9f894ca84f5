"""Posteriors beside the vote: which units have one, why others have none, and which decisions they contest."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.panel.agreement import UnitPosteriors, find_contested, judge_topic, rate_units, unit_key
from regrade.panel.agreement.posteriors import MIN_UNITS, NOBODY
from regrade.panel.agreement.topics import TopicRatings

WORDS = ("wrong", "unclear", "correct")
N_REVIEWERS = 3


def panel(n_items: int, *, short: int | None = None) -> TopicRatings:
    """Three who agree that class 1 is wrong on even and correct on odd items; on `short` only two have answered."""
    by, items = np.tile(np.arange(N_REVIEWERS), n_items), np.repeat(np.arange(n_items), N_REVIEWERS)
    kept = (items != short) | (by < 2)
    return rate_units(
        "predicted",
        WORDS,
        ("ann", "bob", "cyd"),
        by=by[kept],
        items=items[kept],
        classes=np.ones(kept.sum(), np.int64),
        codes=(items % 2 * 2)[kept],
    )


def test_who_always_agree_are_right() -> None:
    found = judge_topic(panel(MIN_UNITS + 1, short=MIN_UNITS))
    assert found.why == ""
    wrong, correct, short = (found.of(item, 1) for item in (0, 1, MIN_UNITS))
    assert wrong.votes == (3, 0, 0)
    assert wrong.probabilities == pytest.approx((1, 0, 0), abs=1e-3)
    assert correct.probabilities == pytest.approx((0, 0, 1), abs=1e-3)
    assert (short.votes, short.probabilities, short.why) == (
        (2, 0, 0),
        None,
        "it has 2 of the 3 answers that it takes",
    )


@pytest.mark.parametrize(("item", "class_id"), [(0, 0), (0, 2), (10_000, 1)])
def test_what_nobody_has_answered(item: int, class_id: int) -> None:
    found = judge_topic(panel(MIN_UNITS)).of(item, class_id)
    assert (found.votes, found.probabilities, found.why) == ((0, 0, 0), None, NOBODY)


def test_too_few_units_for_a_model() -> None:
    found = judge_topic(panel(MIN_UNITS - 1))
    assert found.why.startswith("49 of the 50 classes with 3 answers are there")
    assert np.isnan(found.probabilities).all()
    assert found.of(0, 1).why == found.why
    assert found.of(0, 1).votes == (3, 0, 0)


def test_nothing_to_judge() -> None:
    found = judge_topic(panel(0))
    assert found.why.startswith("no question has 3 answers")
    assert found.of(0, 1).why == NOBODY
    assert find_contested(found, np.array([0]), np.array([1]), np.array([0])) == []


def test_decisions_less_likely_than_a_verdict_that_is_likelier_than_not() -> None:
    nan = np.nan
    found = UnitPosteriors(
        keys=unit_key([0, 1, 2, 3, 4], [1, 1, 1, 1, 1]),
        votes=np.ones((5, 3), np.int64),
        probabilities=np.array([[0.2, 0, 0.8], [0.2, 0, 0.8], [0.3, 0.3, 0.4], [nan, nan, nan], [0.9, 0.1, 0]]),
        why="",
    )
    items, classes = np.array([4, 0, 1, 2, 3, 9, 0]), np.array([1, 1, 1, 1, 1, 1, -1])
    verdicts = np.array([1, 0, 2, 0, 0, 0, -1])
    # 4: decided unclear, wrong is likelier. 0: decided wrong, correct is. 1: as decided. 2: nothing above one half.
    # 3 and 9 have no posterior, and the last decision is of an item.
    assert find_contested(found, items, classes, verdicts) == [(0, 0), (1, 2)]
