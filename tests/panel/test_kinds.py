from __future__ import annotations

from collections.abc import Callable

from regrade.panel.kinds import settle_kind
from regrade.records.panel import KindOutcome, Protocol, Review, SettledKind

ReviewOf = Callable[..., Review]
UNANIMOUS_2 = Protocol(n_reviewers=2, rule="unanimous")
MAJORITY_3 = Protocol(n_reviewers=3, rule="majority")


def test_fewer_than_n_settle_nothing(review_of: ReviewOf) -> None:
    assert settle_kind([], UNANIMOUS_2) == KindOutcome()
    assert settle_kind([review_of(1, "ann", 7, kind=("oov", "minor"))], UNANIMOUS_2) == KindOutcome()


def test_agreement_on_both_settles(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "bob", 7, kind=("oov", "minor")), review_of(2, "ann", 7, kind=("oov", "minor"))]
    assert settle_kind(reviews, UNANIMOUS_2) == KindOutcome(settled=SettledKind(7, "oov", "minor", ("ann", "bob")))


def test_what_is_not_agreed_is_flagged(review_of: ReviewOf) -> None:
    first = review_of(1, "ann", 7, kind=("oov", "minor"))
    other_severity = review_of(2, "bob", 7, kind=("oov", "major"))
    other_category = review_of(2, "bob", 7, kind=("fine-grained", "minor"))
    other_both = review_of(2, "bob", 7, kind=("fine-grained", "major"))
    assert settle_kind([first, other_severity], UNANIMOUS_2) == KindOutcome(disputed=True, severity_disputed=True)
    assert settle_kind([first, other_category], UNANIMOUS_2) == KindOutcome(disputed=True, category_disputed=True)
    assert settle_kind([first, other_both], UNANIMOUS_2) == KindOutcome(
        disputed=True, category_disputed=True, severity_disputed=True
    )


def test_the_majority_is_taken_for_each_of_the_two(review_of: ReviewOf) -> None:
    # Category: ann and bob; severity: bob and cy. Di has neither and is not named.
    reviews = [
        review_of(1, "ann", 7, kind=("oov", "minor")),
        review_of(2, "bob", 7, kind=("oov", "major")),
        review_of(3, "cy", 7, kind=("fine-grained", "major")),
    ]
    settled = SettledKind(7, "oov", "major", ("ann", "bob", "cy"))
    assert settle_kind(reviews, MAJORITY_3) == KindOutcome(settled=settled)
    more = [
        *reviews,
        review_of(4, "di", 7, kind=("spurious", "borderline")),
        review_of(5, "ed", 7, kind=("oov", "major")),
    ]
    # Of five: category 3, severity 3.
    settled = SettledKind(7, "oov", "major", ("ann", "bob", "cy", "ed"))
    assert settle_kind(more, MAJORITY_3) == KindOutcome(settled=settled)


def test_half_is_no_majority(review_of: ReviewOf) -> None:
    reviews = [review_of(1, "ann", 7, kind=("oov", "minor")), review_of(2, "bob", 7, kind=("oov", "major"))]
    protocol = Protocol(n_reviewers=2, rule="majority")
    assert settle_kind(reviews, protocol) == KindOutcome(disputed=True, severity_disputed=True)


def test_the_latest_answer_of_each_reviewer_counts(review_of: ReviewOf) -> None:
    reviews = [
        review_of(3, "ann", 7, kind=("oov", "minor")),
        review_of(1, "ann", 7, kind=("oov", "major")),
        review_of(2, "bob", 7, kind=("oov", "minor")),
    ]
    assert settle_kind(reviews, UNANIMOUS_2).settled == SettledKind(7, "oov", "minor", ("ann", "bob"))


def test_withdrawn_reviews_and_the_first_pass_count_for_nothing(review_of: ReviewOf) -> None:
    counting = review_of(1, "ann", 7, kind=("oov", "minor"))
    withdrawn = review_of(2, "bob", 7, kind=("oov", "minor"), withdrawn=True)
    verdict = review_of(3, "bob", 7, "wrong")
    assert settle_kind([counting, withdrawn, verdict], UNANIMOUS_2) == KindOutcome()
    changed_and_undone = review_of(4, "ann", 7, kind=("oov", "major"), withdrawn=True)
    settled = settle_kind([counting, changed_and_undone], Protocol(n_reviewers=1)).settled
    assert settled == SettledKind(7, "oov", "minor", ("ann",))
