# ruff: noqa: S311 - shuffles keep no secret
from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel.consensus import settle_item
from regrade.records.labels import Verdict
from regrade.records.panel import ItemOutcome, Proposal, Protocol, Review, Rule, Settled
from tests.panel.conftest import time_of

ReviewOf = Callable[..., Review]
CORRECT, UNCLEAR, WRONG = Verdict.CORRECT, Verdict.UNCLEAR, Verdict.WRONG
UNANIMOUS_2 = Protocol(n_reviewers=2, rule="unanimous")
UNANIMOUS_3 = Protocol(n_reviewers=3, rule="unanimous")
MAJORITY_2 = Protocol(n_reviewers=2, rule="majority")
MAJORITY_3 = Protocol(n_reviewers=3, rule="majority")
ONE = Protocol(n_reviewers=1)


def test_without_reviews_every_class_waits() -> None:
    assert settle_item([], [9, 5, 5], UNANIMOUS_2) == ItemOutcome(waiting=(5, 9))
    assert settle_item([], [], UNANIMOUS_2) == ItemOutcome()


def test_each_class_is_settled_disputed_or_waits_for_itself(review_of: ReviewOf) -> None:
    # 3: both say wrong; 4: they differ; 5: only bob has met it. Class 6 is decided already and not asked.
    reviews = [
        review_of(1, "bob", 3, "wrong"),
        review_of(2, "bob", 4, "wrong"),
        review_of(3, "bob", 5, "wrong"),
        review_of(4, "ann", 3, "wrong"),
        review_of(5, "ann", 4, "unclear"),
        review_of(6, "ann", 6, "correct"),
    ]
    assert settle_item(reviews, [5, 4, 3], UNANIMOUS_2) == ItemOutcome(
        settled=(Settled(3, WRONG, ("ann", "bob")),), disputed=(4,), waiting=(5,)
    )


def propose(proposer: str, class_id: int) -> Proposal:
    return Proposal(1, proposer, "main", 0, class_id, "a ring", "original@1", datetime(2026, 1, 1, tzinfo=UTC))


def test_a_proposal_is_no_answer(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "bob", 3, "correct")]
    assert settle_item(reviews, [3], UNANIMOUS_2, proposals=[propose("ann", 3)]) == ItemOutcome(waiting=(3,))
    assert settle_item(reviews, [3], ONE, proposals=[propose("ann", 3)]).settled == (Settled(3, CORRECT, ("bob",)),)


@pytest.mark.parametrize("verdict", ["correct", "unclear", "wrong"])
def test_a_class_is_not_settled_on_the_word_of_who_proposed_it(review_of: ReviewOf, verdict: str) -> None:
    alone = [review_of(1, "ann", 3, verdict)]
    assert settle_item(alone, [3], ONE, proposals=[propose("ann", 3)]) == ItemOutcome(disputed=(3,))
    # Another class on the item, and one that somebody else proposed, are as any.
    assert settle_item(alone, [3], ONE, proposals=[propose("ann", 4), propose("bob", 3)]).disputed == ()
    both = [*alone, review_of(2, "bob", 3, verdict)]
    assert settle_item(both, [3], UNANIMOUS_2, proposals=[propose("ann", 3)]).settled == (
        Settled(3, Verdict(verdict), ("ann", "bob")),
    )


def test_the_example_of_the_documentation(review_of: ReviewOf) -> None:
    # Bagel 0, dough 1, pretzel 2.
    ann = [review_of(1, "ann", 2, "wrong"), review_of(2, "ann", 0, "correct"), review_of(3, "ann", 1, "correct")]
    bob = [review_of(4, "bob", 1, "unclear"), review_of(5, "bob", 2, "wrong"), review_of(6, "bob", 0, "correct")]
    assert settle_item(ann, [0, 1, 2], UNANIMOUS_2) == ItemOutcome(waiting=(0, 1, 2))
    assert settle_item(ann + bob, [0, 1, 2], UNANIMOUS_2) == ItemOutcome(
        settled=(Settled(0, CORRECT, ("ann", "bob")), Settled(2, WRONG, ("ann", "bob"))), disputed=(1,)
    )


def test_two_of_three_settle_by_majority_and_not_unanimously(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", 3, "correct"), review_of(3, "cy", 3, "wrong")]
    # Only those who agreed are named.
    assert settle_item(reviews, [3], MAJORITY_3).settled == (Settled(3, WRONG, ("ann", "cy")),)
    assert settle_item(reviews, [3], UNANIMOUS_3) == ItemOutcome(disputed=(3,))


def test_three_different_verdicts_are_disputed_by_majority(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", 3, "correct"), review_of(3, "cy", 3, "unclear")]
    assert settle_item(reviews, [3], MAJORITY_3) == ItemOutcome(disputed=(3,))


def test_two_who_agree_wait_for_the_third(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", 3, "wrong")]
    assert settle_item(reviews, [3], MAJORITY_3) == ItemOutcome(waiting=(3,))


def test_a_further_reviewer_is_pooled_with_the_others(review_of: ReviewOf) -> None:
    # More than n have answered: unanimity is asked of all of them.
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", 3, "wrong"), review_of(3, "cy", 3, "correct")]
    assert settle_item(reviews, [3], UNANIMOUS_2).disputed == (3,)
    assert settle_item(reviews, [3], MAJORITY_2).settled == (Settled(3, WRONG, ("ann", "bob")),)


def test_a_changed_mind_ends_a_dispute(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", 3, "correct"), review_of(3, "ann", 3, "correct")]
    assert settle_item(reviews, [3], UNANIMOUS_2).settled == (Settled(3, CORRECT, ("ann", "bob")),)


def test_one_reviewer_settles_alone_where_the_protocol_says_one(review_of: ReviewOf) -> None:
    assert settle_item([review_of(1, "ann", 3, "unclear")], [3], ONE).settled == (Settled(3, UNCLEAR, ("ann",)),)
    assert settle_item([review_of(1, "ann", None)], [3], ONE) == ItemOutcome(problematic=Settled(None, None, ("ann",)))


@pytest.mark.parametrize(
    ("said_so", "protocol", "problematic", "disputed"),
    [
        pytest.param((2, 0), UNANIMOUS_2, True, False, id="all-of-2"),
        pytest.param((1, 1), UNANIMOUS_2, False, True, id="one-of-2"),
        pytest.param((1, 0), UNANIMOUS_2, False, False, id="too-few-yet"),
        pytest.param((0, 2), UNANIMOUS_2, False, False, id="nobody"),
        pytest.param((2, 1), UNANIMOUS_3, False, True, id="2-of-3-unanimous"),
        pytest.param((2, 1), UNANIMOUS_2, False, True, id="pooled-with-a-third"),
        pytest.param((1, 1), UNANIMOUS_3, False, False, id="2-of-3-there"),
        pytest.param((2, 1), MAJORITY_3, True, False, id="2-of-3-majority"),
        pytest.param((2, 0), MAJORITY_3, False, False, id="majority-still-waits"),
        pytest.param((1, 2), MAJORITY_3, False, False, id="voted-down"),
        pytest.param((1, 1), MAJORITY_2, False, True, id="exactly-half"),
        pytest.param((2, 2), MAJORITY_3, False, True, id="2-of-4"),
    ],
)
def test_problematic(
    review_of: ReviewOf,
    said_so: tuple[int, int],
    protocol: Protocol,
    problematic: bool,
    disputed: bool,
) -> None:
    says_problematic, says_otherwise = said_so
    reviews = [review_of(number, f"p{number}", None) for number in range(says_problematic)]
    reviews += [review_of(10 + number, f"v{number}", 3, "wrong") for number in range(says_otherwise)]
    outcome = settle_item(reviews, [3, 4], protocol)
    flaggers = tuple(f"p{number}" for number in range(says_problematic))
    assert outcome.problematic == (Settled(None, None, flaggers) if problematic else None)
    assert outcome.problematic_disputed is disputed
    if problematic:
        assert outcome == ItemOutcome(problematic=outcome.problematic)


def test_who_finds_the_item_problematic_has_met_its_classes_and_is_against_all_verdicts(review_of: ReviewOf) -> None:
    one_each = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", None)]
    # Two have met class 3; on class 4 only bob has a say.
    assert settle_item(one_each, [3, 4], UNANIMOUS_2) == ItemOutcome(
        disputed=(3,), waiting=(4,), problematic_disputed=True
    )
    # 1 of 2 is no majority of a verdict either; 2 of 3 is.
    assert settle_item(one_each, [3], MAJORITY_2).disputed == (3,)
    outcome = settle_item([*one_each, review_of(3, "cy", 3, "wrong")], [3], MAJORITY_3)
    assert outcome == ItemOutcome(settled=(Settled(3, WRONG, ("ann", "cy")),))


def test_a_class_that_only_problematic_reviewers_met_is_disputed(review_of: ReviewOf) -> None:
    # ann met the item through class 3; class 4 was met by bob and cy only, who give it no verdict.
    reviews = [review_of(1, "ann", 3, "wrong"), review_of(2, "bob", None), review_of(3, "cy", None)]
    assert settle_item(reviews, [4], UNANIMOUS_2) == ItemOutcome(disputed=(4,), problematic_disputed=True)


def test_a_class_does_not_wait_for_a_verdict_that_nobody_will_give(review_of: ReviewOf) -> None:
    # Both have met class 3, where ann found the item problematic. A new case, class 5, makes ann take that back; she is
    # not asked for class 3 again, and bob's word alone does not settle it. Of class 6 nobody has spoken.
    reviews = [review_of(1, "ann", None), review_of(2, "bob", 3, "wrong"), review_of(3, "ann", 5, "wrong")]
    assert settle_item(reviews, [3, 5, 6], UNANIMOUS_2) == ItemOutcome(disputed=(3,), waiting=(5, 6))
    # Two other reviewers settle it without her.
    more = [*reviews, review_of(4, "cy", 3, "wrong")]
    assert settle_item(more, [3], UNANIMOUS_2).settled == (Settled(3, WRONG, ("bob", "cy")),)


def test_imported_judgements_vote_on_their_class_and_not_on_the_item(review_of: ReviewOf) -> None:
    imported = review_of(1, "panel", 3, "wrong", source="judgements.json")
    reviews = [imported, review_of(2, "ann", None)]
    # One of the item's two reviewers has met it: no dispute yet about the item, though class 3 has two voices.
    assert settle_item(reviews, [3, 4], UNANIMOUS_2) == ItemOutcome(disputed=(3,), waiting=(4,))
    both = [*reviews, review_of(3, "bob", None)]
    assert settle_item(both, [3, 4], UNANIMOUS_2).problematic == Settled(None, None, ("ann", "bob"))
    agreeing = [imported, review_of(2, "ann", 3, "wrong")]
    assert settle_item(agreeing, [3], UNANIMOUS_2).settled == (Settled(3, WRONG, ("ann", "panel")),)


def test_an_added_class_needs_as_many_voices_as_any_other(review_of: ReviewOf) -> None:
    named = review_of(1, "ann", 8, "correct", added=True)
    assert settle_item([named], [8], UNANIMOUS_2) == ItemOutcome(waiting=(8,))
    outcome = settle_item([named, review_of(2, "bob", 8, "correct")], [8], UNANIMOUS_2)
    assert outcome.settled == (Settled(8, CORRECT, ("ann", "bob")),)


def test_two_who_add_the_same_class_are_two_voices(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 8, "correct", added=True), review_of(2, "bob", 8, "correct", added=True)]
    assert settle_item(reviews, [8], UNANIMOUS_2).settled == (Settled(8, CORRECT, ("ann", "bob")),)


def test_with_one_reviewer_an_added_class_goes_to_adjudication(review_of: ReviewOf) -> None:
    named = review_of(1, "ann", 8, "correct", added=True)
    reviews = [named, review_of(2, "ann", 3, "wrong")]
    assert settle_item(reviews, [3, 8], ONE) == ItemOutcome(settled=(Settled(3, WRONG, ("ann",)),), disputed=(8,))
    # Being dealt the class that she named and saying it again makes it no second word.
    assert settle_item([named, review_of(2, "ann", 8, "correct")], [8], ONE).disputed == (8,)
    # Somebody else's voice does; one that differs makes it a dispute like any other.
    assert settle_item([named, review_of(2, "bob", 8, "correct")], [8], ONE).settled == (
        Settled(8, CORRECT, ("ann", "bob")),
    )
    assert settle_item([named, review_of(2, "bob", 8, "wrong")], [8], ONE).disputed == (8,)


# -- laws --------------------------------------------------------------------------------------------------------

said = st.one_of(
    st.just((None, None, False)),
    st.tuples(st.integers(0, 4), st.sampled_from([verdict.value for verdict in Verdict]), st.booleans()),
)
sayings = st.lists(st.tuples(st.sampled_from(["ann", "bob", "cy", "di"]), said, st.booleans()), max_size=14)
protocols = st.builds(Protocol, n_reviewers=st.integers(1, 3), rule=st.sampled_from(["unanimous", "majority"]))
classes = st.lists(st.integers(0, 5), max_size=6)


def to_reviews(
    review_of: ReviewOf, given_: list[tuple[str, tuple[int | None, str | None, bool], bool]]
) -> list[Review]:
    return [
        review_of(number, reviewer, class_id, verdict, added=added, withdrawn=withdrawn)
        for number, (reviewer, (class_id, verdict, added), withdrawn) in enumerate(given_)
    ]


@given(said_=sayings, asked=classes, protocol=protocols)
def test_each_asked_class_is_in_exactly_one_list(
    review_of: ReviewOf,
    said_: list[tuple[str, tuple[int | None, str | None, bool], bool]],
    asked: list[int],
    protocol: Protocol,
) -> None:
    outcome = settle_item(to_reviews(review_of, said_), asked, protocol)
    listed = [*(settled.class_id for settled in outcome.settled), *outcome.disputed, *outcome.waiting]
    if outcome.problematic:
        assert listed == []
        assert not outcome.problematic_disputed
    else:
        assert sorted(class_id for class_id in listed if class_id is not None) == sorted(set(asked))


@given(said_=sayings, protocol=protocols)
def test_a_class_that_n_reviewers_have_met_waits_no_more(
    review_of: ReviewOf, said_: list[tuple[str, tuple[int | None, str | None, bool], bool]], protocol: Protocol
) -> None:
    reviews = to_reviews(review_of, said_)
    waiting = settle_item(reviews, range(6), protocol).waiting
    for class_id in waiting:
        met = {row.reviewer for row in reviews if row.class_id in {class_id, None} and not row.withdrawn}
        assert len(met) < protocol.n_reviewers


@given(said_=sayings, asked=classes, protocol=protocols, seed=st.integers(0, 99))
def test_the_order_of_different_reviewers_is_irrelevant(
    review_of: ReviewOf,
    said_: list[tuple[str, tuple[int | None, str | None, bool], bool]],
    asked: list[int],
    protocol: Protocol,
    seed: int,
) -> None:
    # Each reviewer's own sayings keep their order; how those of different reviewers interleave changes the ids.
    by_reviewer = sorted(said_, key=lambda saying: saying[0])
    first = settle_item(to_reviews(review_of, said_), asked, protocol)
    assert settle_item(to_reviews(review_of, by_reviewer), asked, protocol) == first
    shuffled = to_reviews(review_of, said_)
    random.Random(seed).shuffle(shuffled)
    assert settle_item(shuffled, asked, protocol) == first


@given(said_=sayings, asked=classes, protocol=protocols)
def test_a_withdrawn_review_counts_for_nothing(
    review_of: ReviewOf,
    said_: list[tuple[str, tuple[int | None, str | None, bool], bool]],
    asked: list[int],
    protocol: Protocol,
) -> None:
    reviews = to_reviews(review_of, said_)
    kept = [review for review in reviews if not review.withdrawn]
    assert settle_item(reviews, asked, protocol) == settle_item(kept, asked, protocol)


@given(said_=sayings, asked=classes, n_reviewers=st.integers(1, 3))
def test_what_is_settled_unanimously_is_settled_by_majority(
    review_of: ReviewOf,
    said_: list[tuple[str, tuple[int | None, str | None, bool], bool]],
    asked: list[int],
    n_reviewers: int,
) -> None:
    def outcome(rule: Rule) -> ItemOutcome:
        return settle_item(to_reviews(review_of, said_), asked, Protocol(n_reviewers=n_reviewers, rule=rule))

    unanimous, majority = outcome("unanimous"), outcome("majority")
    if unanimous.problematic:
        assert majority.problematic == unanimous.problematic
    assert majority.problematic or set(unanimous.settled) <= set(majority.settled)


@given(said_=sayings, protocol=protocols)
def test_renaming_the_classes_renames_the_outcome(
    review_of: ReviewOf,
    said_: list[tuple[str, tuple[int | None, str | None, bool], bool]],
    protocol: Protocol,
) -> None:
    reviews = to_reviews(review_of, said_)
    renamed = [
        review if review.class_id is None else dataclasses.replace(review, class_id=review.class_id + 100)
        for review in reviews
    ]
    before, after = settle_item(reviews, range(6), protocol), settle_item(renamed, range(100, 106), protocol)
    assert after.disputed == tuple(class_id + 100 for class_id in before.disputed)
    assert after.waiting == tuple(class_id + 100 for class_id in before.waiting)
    assert [settled.verdict for settled in after.settled] == [settled.verdict for settled in before.settled]


def test_overruled_words_do_not_make_an_item_problematic_again(review_of: ReviewOf) -> None:
    """Both had called it problematic; an adjudicator took that back. cyd alone is too few of two to say so anew."""
    both = [review_of(1, "ann", None), review_of(2, "bob", None)]
    assert settle_item(both, [5], UNANIMOUS_2).problematic is not None
    overruled = settle_item(both, [5], UNANIMOUS_2, overruled=time_of(2))
    # Nobody has a say on class 5 any more, and both may have met it: an adjudicator has to decide it.
    assert overruled == ItemOutcome(disputed=(5,))
    assert settle_item([*both, review_of(3, "cyd", None)], [], UNANIMOUS_2, overruled=time_of(2)) == ItemOutcome()
    anew = settle_item(
        [*both, review_of(3, "cyd", None), review_of(4, "dan", None)], [5], UNANIMOUS_2, overruled=time_of(2)
    )
    assert anew.problematic == Settled(class_id=None, verdict=None, reviewers=("cyd", "dan"))
