"""Gold: when it is dealt, and how it is scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel.gold import count_gold_ahead, is_gold, score_gold
from regrade.records.gold import GoldScore
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, DecisionMethod, Pass, Purpose, Review

ReviewOf = Callable[..., Review]
seeds = st.integers(0, 2**128 - 1)
places = st.integers(0, 500)
shares = st.floats(0, 0.5)


@given(seed=seeds, place=places, n_work=st.integers(0, 200), share=shares)
def test_what_is_ahead_is_what_a_walk_meets(seed: int, place: int, n_work: int, share: float) -> None:
    n_left, n_gold, here = n_work, 0, place
    while n_left:
        gold = is_gold(seed, here, share=share)
        n_gold, n_left, here = n_gold + gold, n_left - (not gold), here + 1
    assert count_gold_ahead(seed, place, n_work, share=share) == n_gold


@given(seed=seeds, place=places, n_work=st.integers(1, 200), share=shares)
def test_the_number_still_to_come_goes_down_by_one_whatever_is_dealt(
    seed: int, place: int, n_work: int, share: float
) -> None:
    """This is why the count tells nothing: with gold dealt or work dealt, one item fewer is to come."""
    before = n_work + count_gold_ahead(seed, place, n_work, share=share)
    left = n_work if is_gold(seed, place, share=share) else n_work - 1
    assert left + count_gold_ahead(seed, place + 1, left, share=share) == before - 1


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5])
def test_gold_has_its_share_of_the_places(share: float) -> None:
    n = 20_000
    n_gold = sum(is_gold(12345, place, share=share) for place in range(0, n, 10)) * 10
    # Of 2,000 places looked at, the share lies within 5 standard errors of what was asked for.
    assert abs(n_gold / n - share) <= 5 * np.sqrt(share * (1 - share) / 2_000)


def test_every_reviewer_has_places_of_their_own() -> None:
    mine, yours = ([is_gold(seed, place, share=0.5) for place in range(64)] for seed in (1, 2))
    assert mine != yours
    assert mine == [is_gold(1, place, share=0.5) for place in range(64)]


def decision(class_id: int | None, verdict: str | None, *, item: int = 0, usable: bool = False) -> Decision:
    return Decision(
        id=1,
        split="main",
        item=item,
        class_id=class_id,
        pass_=Pass.VERDICT,
        verdict=None if verdict is None else Verdict(verdict),
        category=None,
        severity=None,
        method=DecisionMethod.CONSENSUS,
        author="ann, bob",
        reason="",
        base="original@1",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        usable=usable,
    )


DECIDED = (decision(1, "correct"), decision(2, "wrong"), decision(1, "unclear", item=5))


def test_answers_are_held_against_the_decisions(review_of: ReviewOf) -> None:
    """cyd: 1 correct (so decided), 2 unclear (decided wrong), 3 (not decided), and class 1 of item 5 unclear (so
    decided): 2 of 3. dan: 2 wrong (so decided): 1 of 1."""
    given_ = [
        review_of(1, "cyd", 1, "correct"),
        review_of(2, "cyd", 2, "unclear"),
        review_of(3, "cyd", 3, "correct", added=True),
        replace(review_of(4, "cyd", 1, "unclear"), item=5),
        review_of(5, "dan", 2, "wrong"),
    ]
    assert score_gold(given_, DECIDED) == (GoldScore("cyd", 3, 2), GoldScore("dan", 1, 1))


def test_the_answer_that_counts_is_the_last_one_not_undone(review_of: ReviewOf) -> None:
    changed = [
        review_of(1, "cyd", 1, "wrong"),
        review_of(2, "cyd", 1, "correct"),
        review_of(3, "cyd", 2, "wrong", withdrawn=True),
    ]
    assert score_gold(changed, DECIDED) == (GoldScore("cyd", 1, 1),)


def test_an_answer_that_followed_its_outcome_measures_nothing(review_of: ReviewOf) -> None:
    told = replace(review_of(1, "cyd", 1, "correct"), revealed=True)
    assert score_gold([told], DECIDED) == ()


@pytest.mark.parametrize(
    ("said", "in_force", "expected"),
    [
        pytest.param([(None, None)], DECIDED, (1, 0), id="problematic-for-a-decided-item"),
        pytest.param([(None, None)], (*DECIDED, decision(None, None)), (1, 1), id="problematic-as-decided"),
        pytest.param(
            [(1, "correct"), (2, "wrong")], (decision(None, None),), (1, 0), id="verdicts-on-a-problematic-one"
        ),
        pytest.param(
            [(1, "correct"), (2, "wrong")],
            (*DECIDED, decision(None, None, usable=True)),
            (2, 2),
            id="not-problematic-after-all",
        ),
    ],
)
def test_an_item_as_a_whole_counts_once(
    review_of: ReviewOf,
    said: list[tuple[int | None, str | None]],
    in_force: tuple[Decision, ...],
    expected: tuple[int, int],
) -> None:
    given_ = [review_of(number, "cyd", class_id, verdict) for number, (class_id, verdict) in enumerate(said)]
    assert score_gold(given_, in_force) == (GoldScore("cyd", *expected),)


def test_nothing_decided_and_nothing_said_give_no_score(review_of: ReviewOf) -> None:
    assert score_gold([], DECIDED) == ()
    assert score_gold([review_of(1, "cyd", 1, "correct"), review_of(2, "dan", None)], ()) == ()
    kind = review_of(3, "cyd", 1, kind=("fine-grained", "major"))
    second_pass = replace(decision(2, "wrong"), pass_=Pass.KIND, verdict=None, category="fine-grained")
    assert score_gold([kind, review_of(4, "cyd", 2, "wrong")], [second_pass]) == ()
    assert kind.purpose is Purpose.PANEL  # the caller chooses which reviews are gold
