"""Reviews and their withdrawals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Purpose, Review
from regrade.store import Store, reviews
from regrade.store.reviews import Flag

ReviewOf = Callable[..., Review]


def test_reviews_come_back_in_the_order_given(store: Store, review_of: ReviewOf) -> None:
    given = (
        review_of("sub1", "ann", 3, 7, verdict=Verdict.WRONG, note="é\n", discuss=True),
        review_of("sub1", "ann", 3, 2, verdict=Verdict.CORRECT, added=True),
        review_of("sub2", "bob", 3, None),
        review_of("sub3", "bob", 3, 7, pass_=Pass.KIND, category="fine-grained", severity="major", source="f.json"),
    )
    with store.write() as tx:
        reviews.save_reviews(tx, given)
        reviews.save_reviews(tx, ())
    with store.read() as tx:
        loaded = reviews.list_item_reviews(tx, "main", 3)
        assert loaded == tuple(replace(row, id=number) for number, row in enumerate(given, start=1))
        assert [row.id for row in reviews.list_item_reviews(tx, "main", 3, Pass.VERDICT)] == [1, 2, 3]
        assert [row.id for row in reviews.list_item_reviews(tx, "main", 3, Pass.KIND)] == [4]
        assert reviews.list_item_reviews(tx, "main", 4) == ()


def test_all_reviews_are_listed(store: Store, review_of: ReviewOf) -> None:
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("s1", "ann", 3, 7, verdict=Verdict.WRONG),
                review_of("s2", "bob", 1, 7, verdict=Verdict.WRONG),
                review_of("s3", "ann", 3, 7, pass_=Pass.KIND, category="c", severity="s"),
            ],
        )
        assert [row.id for row in reviews.list_reviews(tx, split="main")] == [1, 2, 3]
        assert [row.id for row in reviews.list_reviews(tx, split="main", pass_=Pass.VERDICT)] == [1, 2]
        assert [row.id for row in reviews.list_reviews(tx, split="main", reviewer="ANN")] == [1, 3]


def test_whether_there_are_reviews_is_told_by_split(store: Store, review_of: ReviewOf) -> None:
    with store.write() as tx:
        assert not reviews.has_reviews(tx, "main")
        reviews.save_reviews(tx, [review_of("s1", "ann", 3, 7, verdict=Verdict.WRONG)])
        assert reviews.has_reviews(tx, "main")
        with pytest.raises(NotFoundError, match="There is no split other"):
            reviews.has_reviews(tx, "other")


def test_an_undone_answer_stays_and_is_marked(store: Store, review_of: ReviewOf, at: datetime) -> None:
    with store.write() as tx:
        for submission in ("s1", "s2"):
            rows = [review_of(submission, "ann", 3, class_id, verdict=Verdict.WRONG) for class_id in (1, 2)]
            reviews.save_reviews(tx, rows)
        reviews.save_withdrawal(tx, "s1", "ann", at)
        assert [row.withdrawn for row in reviews.list_item_reviews(tx, "main", 3)] == [True, True, False, False]
        assert [row.withdrawn for row in reviews.list_reviews(tx, split="main")] == [True, True, False, False]


def test_an_answer_is_undone_once_and_by_its_reviewer(store: Store, review_of: ReviewOf, at: datetime) -> None:
    with store.write() as tx:
        reviews.save_reviews(tx, [review_of("s1", "ann", 3, 1, verdict=Verdict.WRONG)])
        for submission, reviewer in (("s1", "bob"), ("s2", "ann")):
            with pytest.raises(NotFoundError, match=f"{reviewer} has sent no answer {submission}"):
                reviews.save_withdrawal(tx, submission, reviewer, at)
        reviews.save_withdrawal(tx, "s1", "ann", at)
        with pytest.raises(ConflictError, match="undone already"):
            reviews.save_withdrawal(tx, "s1", "ann", at)


def test_reviewers_are_counted_by_what_counts(store: Store, review_of: ReviewOf, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("s1", "bob", 1, 1, verdict=Verdict.WRONG),
                review_of("s2", "ann", 1, 1, verdict=Verdict.WRONG),
                review_of("s2", "ann", 1, 2, verdict=Verdict.WRONG, created_at=later),
                review_of("s3", "ann", 2, 2, verdict=Verdict.WRONG, created_at=later + timedelta(hours=1)),
                review_of("s4", "cyd", 2, 2, verdict=Verdict.WRONG, source="judgements.json"),
            ],
        )
        reviews.save_withdrawal(tx, "s3", "ann", at)
        assert reviews.list_reviewers(tx, "main") == (
            reviews.Reviewer("ann", n_answers=2, last_at=later),
            reviews.Reviewer("bob", n_answers=1, last_at=at),
        )


def test_a_review_of_nothing_known_is_refused(store: Store, review_of: ReviewOf) -> None:
    with store.write() as tx:
        for other, words in (
            ({"reviewer": "eve"}, "no user eve"),
            ({"split": "train"}, "no split train"),
            ({"labels": "key@2"}, "no label set key@2"),
        ):
            with pytest.raises(NotFoundError, match=words):
                reviews.save_reviews(tx, [replace(review_of("s1", "ann", 3, 1), **other)])  # type: ignore[arg-type]
        assert reviews.list_reviews(tx, split="main") == ()


def test_only_the_panels_reviews_are_given_unless_others_are_asked_for(store: Store, review_of: ReviewOf) -> None:
    """Whatever settles, counts or shows reviews without a word on their purpose sees those of the panel alone."""
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("s1", "ann", 3, 7, verdict=Verdict.WRONG),
                review_of("s2", "bob", 3, 7, verdict=Verdict.CORRECT, purpose=Purpose.GOLD),
                review_of("s3", "cyd", 3, 7, verdict=Verdict.UNCLEAR, purpose=Purpose.AUDIT),
            ],
        )
    with store.read() as tx:
        assert [row.reviewer for row in reviews.list_item_reviews(tx, "main", 3)] == ["ann"]
        assert [row.reviewer for row in reviews.list_reviews(tx, split="main")] == ["ann"]
        (gold,) = reviews.list_item_reviews(tx, "main", 3, purpose=Purpose.GOLD)
        assert (gold.reviewer, gold.purpose) == ("bob", Purpose.GOLD)
        assert [row.reviewer for row in reviews.list_reviews(tx, split="main", purpose=Purpose.AUDIT)] == ["cyd"]
        # Answers of every purpose are work done.
        assert [row.reviewer for row in reviews.list_reviewers(tx, "main")] == ["ann", "bob", "cyd"]


def test_what_was_undone_is_listed_with_its_time(store: Store, review_of: ReviewOf, at: datetime) -> None:
    later = at + timedelta(minutes=3)
    with store.write() as tx:
        reviews.save_reviews(tx, [review_of("s1", "ann", 3, class_id, verdict=Verdict.WRONG) for class_id in (1, 2)])
        reviews.save_reviews(tx, [review_of("s2", "bob", 3, 1, verdict=Verdict.WRONG)])
        assert reviews.list_withdrawals(tx, "main") == ()
        reviews.save_withdrawal(tx, "s1", "ann", later)
        (found,) = reviews.list_withdrawals(tx, "main")
        assert (found.reviewer, found.submission, found.at, found.revealed) == ("ann", "s1", later, False)
        assert reviews.list_withdrawals(tx, "main", 3) == (found,)
        assert reviews.list_withdrawals(tx, "main", 4) == ()


def test_reviews_for_any_purpose_are_listed_together(store: Store, review_of: ReviewOf) -> None:
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("s1", "ann", 3, 1, verdict=Verdict.WRONG),
                review_of("s2", "ann", 3, 1, verdict=Verdict.WRONG, purpose=Purpose.GOLD),
            ],
        )
        assert [row.purpose for row in reviews.list_reviews(tx, split="main", purpose=None)] == ["panel", "gold"]


def test_flags_are_listed_once_a_pass_and_not_when_undone(store: Store, review_of: ReviewOf, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with store.write() as tx:
        reviews.save_reviews(
            tx,
            [
                review_of("s1", "ann", 3, 1, verdict=Verdict.WRONG, discuss=True),
                review_of("s2", "bob", 3, 1, verdict=Verdict.WRONG, discuss=True, created_at=later),
                review_of("s3", "bob", 3, 1, pass_=Pass.KIND, category="c", severity="s", discuss=True),
                review_of("s4", "ann", 4, 1, verdict=Verdict.WRONG, discuss=True),
                review_of("s5", "ann", 5, 1, verdict=Verdict.WRONG),
                review_of("s6", "cyd", 6, 1, verdict=Verdict.WRONG, discuss=True, purpose=Purpose.GOLD),
            ],
        )
        reviews.save_withdrawal(tx, "s4", "ann", at)
        assert set(reviews.list_flags(tx, "main")) == {Flag(3, Pass.VERDICT, later), Flag(3, Pass.KIND, at)}


def test_what_came_after_a_look_is_marked(store: Store, review_of: ReviewOf, at: datetime) -> None:
    with store.write() as tx:
        reviews.save_reviews(tx, [review_of("s1", "ann", 3, 1, verdict=Verdict.WRONG, revealed=True)])
        reviews.save_withdrawal(tx, "s1", "ann", at, revealed=True)
        (review,), (withdrawal,) = reviews.list_reviews(tx, split="main"), reviews.list_withdrawals(tx, "main")
    assert (review.revealed, withdrawal.revealed) == (True, True)
