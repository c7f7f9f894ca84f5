"""Gold in the store: what can be asked again of whom. An item's place on the ring is item * 100."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Proposal, Purpose, QuestionStatus, Review, Screen
from regrade.store import Store, Transaction, ballots, decisions, gold, proposals, questions, reviews, screens

Ask = Callable[..., int]
ScreenOf = Callable[..., Screen]
ReviewOf = Callable[..., Review]
DECIDED, OPEN, CLOSED = QuestionStatus.DECIDED, QuestionStatus.OPEN, QuestionStatus.CLOSED


def find(tx: Transaction, reviewer: str = "cyd", *, place: int = 0) -> int | None:
    return gold.find_gold(tx, split="main", reviewer=reviewer, place=place)


def mark(tx: Transaction, item: int, status: QuestionStatus, classes: set[int] | None = None) -> None:
    rows = questions.list_item_questions(tx, "main", item, Pass.VERDICT)
    questions.save_status(tx, [row.id for row in rows if classes is None or row.class_id in classes], status)


@pytest.fixture
def decided(store: Store, ask: Ask) -> Store:
    """Items 2, 5 and 9 with a decided case each."""
    with store.write() as tx:
        ask(tx, (2, 1), (5, 1), (9, 1))
        for item in (2, 5, 9):
            mark(tx, item, DECIDED)
    return store


def test_it_is_the_next_decided_item_on_the_ring(decided: Store) -> None:
    with decided.read() as tx:
        assert [find(tx, place=place) for place in (0, 200, 201, 900, 901)] == [2, 2, 5, 9, 2]


def test_there_is_none_where_nothing_is_decided(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (2, 1))
        ask(tx, (3, 1), origin=Origin.LABEL)
        mark(tx, 3, DECIDED)
        ask(tx, (4, 1), pass_=Pass.KIND)
        assert find(tx) is None


def test_every_case_of_the_item_must_be_decided(decided: Store, ask: Ask) -> None:
    with decided.write() as tx:
        ask(tx, (2, 7))  # open
        ask(tx, (5, 7), origin=Origin.ADDED)  # added and taken back: it asks nothing any more
        mark(tx, 5, CLOSED, {7})
        ask(tx, (5, 8), origin=Origin.LABEL)  # rides along
        ask(tx, (9, 7))  # closed: the item is problematic
        mark(tx, 9, CLOSED, {7})
        assert find(tx) == 5
        assert find(tx, place=501) == 5


def test_whoever_has_had_to_do_with_the_item_has_met_it(
    decided: Store, screen_of: ScreenOf, review_of: ReviewOf, at: datetime
) -> None:
    with decided.write() as tx:
        screens.save_screens(tx, [screen_of("s1", "ann", 2, (1,))])
        screens.save_skipped(tx, "s1", at)
        reviews.save_reviews(tx, [review_of("sub", "bob", 2, 1, verdict=Verdict.WRONG, source="elsewhere.csv")])
        vote = BallotRow(0, "b1", "cyd", "main", 2, 1, Pass.VERDICT, Verdict.WRONG, None, None, "r", "key@1", None, at)
        ballots.save_ballot(tx, [vote])
        proposals.save_proposal(tx, Proposal(0, "dan", "main", 5, 3, "", "key@1", at))
        decisions.save_decision(
            tx,
            split="main",
            item=9,
            class_id=1,
            pass_=Pass.VERDICT,
            verdict=Verdict.WRONG,
            category=None,
            severity=None,
            method=DecisionMethod.ADJUDICATION,
            author="ann",
            reason="r",
            base="key@1",
            at=at,
        )
        met = {"ann": {2, 9}, "bob": {2}, "cyd": {2}, "dan": {5}}
        for name, items in met.items():
            found = {find(tx, name, place=place) for place in (0, 201, 501, 901)}
            assert found == {2, 5, 9} - items, name


def test_what_was_met_as_gold_is_not_asked_a_third_time(decided: Store, screen_of: ScreenOf) -> None:
    with decided.write() as tx:
        screens.save_screens(tx, [replace(screen_of("s1", "cyd", 2, (1,)), purpose=Purpose.GOLD)])
        assert find(tx) == 5


def test_every_item_dealt_counts_whatever_became_of_it(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        assert gold.count_dealt(tx, "main", "cyd") == 0
        screens.save_screens(
            tx,
            [
                replace(screen_of("s1", "cyd", 2, (1,)), purpose=Purpose.GOLD),
                screen_of("s2", "cyd", 3, (1,), part=0, n_parts=2),
                screen_of("s3", "cyd", 3, (2,), part=1, n_parts=2),
                screen_of("s4", "cyd", 4, (1,), pass_=Pass.KIND),
                screen_of("s5", "dan", 4, (1,)),
            ],
        )
        screens.save_skipped(tx, "s1", at)
        assert gold.count_dealt(tx, "main", "cyd") == 2  # s1 and the two parts of item 3


def test_skipped_gold_waits_among_skipped_work(decided: Store, ask: Ask, screen_of: ScreenOf, at: datetime) -> None:
    minute = timedelta(minutes=1)

    def next_item(tx: Transaction) -> questions.NextItem | None:
        return questions.find_next_item(
            tx, split="main", pass_=Pass.VERDICT, reviewer="cyd", n_reviewers=2, start=0, lease_before=at
        )

    def n_left(tx: Transaction) -> int:
        return questions.count_items_left(
            tx, split="main", pass_=Pass.VERDICT, reviewer="cyd", n_reviewers=2, lease_before=at
        )

    with decided.write() as tx:
        ask(tx, (7, 1), (8, 1))
        dealt = [
            screen_of("s7", "cyd", 7, (1,)),
            replace(screen_of("s2", "cyd", 2, (1,)), purpose=Purpose.GOLD),
            screen_of("s8", "cyd", 8, (1,)),
        ]
        screens.save_screens(tx, dealt)
        assert (next_item(tx), n_left(tx)) == (None, 0)
        for minutes, screen in enumerate(("s2", "s7", "s8")):
            screens.save_skipped(tx, screen, at + minutes * minute)
        assert n_left(tx) == 3
        assert next_item(tx) == (2, 200, Purpose.GOLD)
        screens.save_screens(tx, [replace(screen_of("s2b", "cyd", 2, (1,)), purpose=Purpose.GOLD)])
        assert next_item(tx) == (7, 700, Purpose.PANEL)
        assert n_left(tx) == 2
        screens.save_skipped(tx, "s2b", at + 5 * minute)
        ask(tx, (2, 6))  # a new case on it: now it is work
        screens.save_screens(tx, [screen_of("s7b", "cyd", 7, (1,)), screen_of("s8b", "cyd", 8, (1,))])
        assert next_item(tx) == (2, 200, Purpose.PANEL)
        mark(tx, 2, QuestionStatus.DISPUTED, {6})  # neither work nor gold
        assert (next_item(tx), n_left(tx)) == (None, 0)
