"""Answers as arrays: which are there, in which order, and what tells that they are out of date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Purpose, Review
from regrade.store import Store, answers, reviews
from regrade.store.answers import AnswersVersion

ReviewOf = Callable[..., Review]


def save(store: Store, *rows: Review) -> None:
    with store.write() as tx:
        reviews.save_reviews(tx, rows)


def test_first_pass_answers_come_in_their_order_with_what_they_say(store: Store, review_of: ReviewOf) -> None:
    save(
        store,
        review_of("a", "bob", 5, 2, verdict=Verdict.CORRECT),
        review_of("a", "bob", 5, 7, verdict=Verdict.UNCLEAR, added=True),
        review_of("b", "ann", 5, None),
        review_of("c", "ann", 3, 1, verdict=Verdict.WRONG, source="elsewhere.json"),
        review_of("d", "cyd", 3, 1, pass_=Pass.KIND, category="fine-grained", severity="minor"),
        review_of("e", "dan", 3, 1, verdict=Verdict.WRONG, purpose=Purpose.GOLD),
        review_of("f", "dan", 3, 1, verdict=Verdict.WRONG, revealed=True),
    )
    with store.read() as tx:
        rows = answers.load_verdict_answers(tx, "main")
    assert rows.names == ("ann", "bob")
    assert rows.refs == ("key@1",)
    assert rows.reviewers.tolist() == [1, 1, 0, 0]
    assert rows.items.tolist() == [5, 5, 5, 3]
    assert rows.classes.tolist() == [2, 7, -1, 1]
    assert rows.labels.tolist() == [0, 0, 0, 0]
    assert rows.verdicts.tolist() == [2, 1, -1, 0]
    assert rows.problematic.tolist() == [False, False, True, False]
    assert rows.added.tolist() == [False, True, False, False]
    assert rows.elsewhere.tolist() == [False, False, False, True]


def test_second_pass_answers_carry_their_kinds(store: Store, review_of: ReviewOf) -> None:
    save(
        store,
        review_of("a", "bob", 5, 2, pass_=Pass.KIND, category="spurious correlation", severity="major"),
        review_of("b", "ann", 5, 2, verdict=Verdict.WRONG),
        review_of("c", "ann", 5, 2, pass_=Pass.KIND, category="fine-grained", severity="minor"),
    )
    with store.read() as tx:
        kinds = answers.load_kind_answers(tx, "main")
    assert (kinds.categories, kinds.severities) == (("spurious correlation", "fine-grained"), ("major", "minor"))
    assert [kinds.rows.names[who] for who in kinds.rows.reviewers] == ["bob", "ann"]
    last = kinds.only(kinds.rows.reviewers.argsort()[:1])
    assert (last.categories, last.rows.classes.tolist()) == (("fine-grained",), [2])


def test_what_was_taken_back_is_left_out(store: Store, review_of: ReviewOf, at: datetime) -> None:
    # ann's key is also the name of a submission of bob's: taking hers back leaves his.
    save(
        store,
        review_of("same", "ann", 5, 2, verdict=Verdict.CORRECT),
        review_of("same", "bob", 5, 2, verdict=Verdict.WRONG, source="elsewhere.json"),
        review_of("more", "ann", 6, 2, verdict=Verdict.CORRECT),
    )
    with store.write() as tx:
        reviews.save_withdrawal(tx, "same", "ann", at)
    with store.read() as tx:
        rows = answers.load_verdict_answers(tx, "main")
    said = [(rows.names[who], int(item)) for who, item in zip(rows.reviewers, rows.items, strict=True)]
    assert said == [("bob", 5), ("ann", 6)]


def test_nobody_has_answered(store: Store) -> None:
    with store.read() as tx:
        assert answers.load_answers_version(tx) == AnswersVersion(0, 0)
        rows, kinds = answers.load_verdict_answers(tx, "main"), answers.load_kind_answers(tx, "main")
    assert (rows.names, rows.refs, len(rows.items)) == ((), (), 0)
    assert (kinds.categories, len(kinds.rows.items)) == ((), 0)


def test_the_version_grows_with_answers_and_with_what_is_taken_back(
    store: Store, review_of: ReviewOf, at: datetime
) -> None:
    seen = []
    for change in ("answer", "undo", "answer again"):
        with store.write() as tx:
            if change == "undo":
                reviews.save_withdrawal(tx, "answer", "ann", at)
            else:
                reviews.save_reviews(tx, [review_of(change, "ann", 5, 2, verdict=Verdict.WRONG)])
        with store.read() as tx:
            seen.append(answers.load_answers_version(tx))
    assert seen == [(1, 0), (1, 1), (2, 1)]
