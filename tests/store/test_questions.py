"""Questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import numpy as np
from sqlalchemy import select

from regrade.records.panel import Origin, Pass, Question, QuestionStatus
from regrade.store import Store, questions, tables

Ask = Callable[..., int]


def test_questions_come_back(store: Store, ask: Ask, at: datetime) -> None:
    with store.write() as tx:
        assert ask(tx, (3, 7), (1, 2)) == 2
        assert ask(tx, (3, 7), pass_=Pass.KIND, origin=Origin.IMPORTED) == 1
    with store.read() as tx:
        assert questions.list_questions(tx, split="main") == (
            Question(1, "main", 3, 7, Pass.VERDICT, Origin.PREDICTION, QuestionStatus.OPEN, 0, at),
            Question(2, "main", 1, 2, Pass.VERDICT, Origin.PREDICTION, QuestionStatus.OPEN, 0, at),
            Question(3, "main", 3, 7, Pass.KIND, Origin.IMPORTED, QuestionStatus.OPEN, 0, at),
        )


def test_what_is_asked_already_stays_as_it_is(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (3, 7), origin=Origin.LABEL)
        assert ask(tx, (3, 7), (3, 8), (3, 8)) == 1
        assert ask(tx, (3, 7), (3, 8)) == 0
        assert [row.origin for row in questions.list_questions(tx, split="main")] == [Origin.LABEL, Origin.PREDICTION]


def test_nothing_asked_is_nothing_new(store: Store, at: datetime) -> None:
    none = np.zeros(0, dtype=np.int32)
    with store.write() as tx:
        n_new = questions.save_questions(
            tx,
            "main",
            none,
            none,
            pass_=Pass.VERDICT,
            origin=Origin.LABEL,
            shuffles=np.zeros(0, dtype=np.int64),
            at=at,
        )
    assert n_new == 0


def test_questions_of_one_item(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (3, 9), (3, 7), (4, 7))
        ask(tx, (3, 9), pass_=Pass.KIND)
        assert [row.class_id for row in questions.list_item_questions(tx, "main", 3)] == [9, 7, 9]
        assert [row.class_id for row in questions.list_item_questions(tx, "main", 3, Pass.VERDICT)] == [9, 7]
        assert [row.pass_ for row in questions.list_item_questions(tx, "main", 3, Pass.KIND)] == [Pass.KIND]
        assert questions.list_item_questions(tx, "main", 5) == ()


def test_status_and_origin_are_set(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (1, 2), (1, 3), origin=Origin.LABEL)
        questions.save_status(tx, [1, 3], QuestionStatus.DECIDED)
        questions.save_origin(tx, [2], Origin.PREDICTION)
        questions.save_status(tx, [], QuestionStatus.CLOSED)
        rows = questions.list_questions(tx, split="main")
    assert [row.status for row in rows] == [QuestionStatus.DECIDED, QuestionStatus.OPEN, QuestionStatus.DECIDED]
    assert [row.origin for row in rows] == [Origin.LABEL, Origin.PREDICTION, Origin.LABEL]


def test_lists_are_filtered(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (2, 2))
        ask(tx, (3, 3), origin=Origin.LABEL)
        ask(tx, (4, 4), pass_=Pass.KIND)
        questions.save_status(tx, [2, 4], QuestionStatus.DISPUTED)

        def items(**filters: object) -> list[int]:
            return [row.item for row in questions.list_questions(tx, split="main", **filters)]  # type: ignore[arg-type]

        assert items() == [1, 2, 3, 4]
        assert items(pass_=Pass.VERDICT) == [1, 2, 3]
        assert items(status=QuestionStatus.DISPUTED) == [2, 4]
        assert items(origins=(Origin.LABEL, Origin.ADDED)) == [3]
        assert items(pass_=Pass.VERDICT, status=QuestionStatus.OPEN, origins=(Origin.PREDICTION,)) == [1]
        assert items(origins=()) == []


def test_pairs_are_arrays_in_order(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (9, 1), (2, 9), (2, 3))
        ask(tx, (5, 5), origin=Origin.LABEL)
        ask(tx, (7, 7), pass_=Pass.KIND)
        questions.save_status(tx, [1], QuestionStatus.CLOSED)
        everything = questions.load_pairs(tx, "main", Pass.VERDICT)
        some = questions.load_pairs(
            tx,
            "main",
            Pass.VERDICT,
            statuses=(QuestionStatus.OPEN, QuestionStatus.DISPUTED),
            origins=(Origin.PREDICTION,),
        )
        none = questions.load_pairs(tx, "main", Pass.VERDICT, statuses=(QuestionStatus.DECIDED,))
    assert everything.items.tolist() == [2, 2, 5, 9]
    assert everything.classes.tolist() == [3, 9, 5, 1]
    assert everything.items.dtype == everything.classes.dtype == np.int32
    assert everything.distinct_items.tolist() == [2, 5, 9]
    assert (some.items.tolist(), some.classes.tolist()) == ([2, 2], [3, 9])
    assert (len(none.items), none.items.dtype) == (0, np.dtype(np.int32))


def test_disputed_items_are_listed_once(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (9, 1), (9, 2), (4, 1), (5, 1))
        ask(tx, (6, 1), pass_=Pass.KIND)
        questions.save_status(tx, [1, 2, 3, 5], QuestionStatus.DISPUTED)
        assert questions.list_disputed_items(tx, "main", Pass.VERDICT) == (4, 9)
        assert questions.list_disputed_items(tx, "main", Pass.KIND) == (6,)


def test_questions_are_counted(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (1, 2), (2, 1))
        ask(tx, (1, 3), origin=Origin.LABEL)
        ask(tx, (1, 1), pass_=Pass.KIND)
        questions.save_status(tx, [3], QuestionStatus.DECIDED)
        counts = questions.count_questions(tx, "main")
    open_, decided = QuestionStatus.OPEN, QuestionStatus.DECIDED
    assert counts == (
        questions.QuestionCount(Pass.KIND, open_, Origin.PREDICTION, n_questions=1, n_items=1),
        questions.QuestionCount(Pass.VERDICT, decided, Origin.PREDICTION, n_questions=1, n_items=1),
        questions.QuestionCount(Pass.VERDICT, open_, Origin.LABEL, n_questions=1, n_items=1),
        questions.QuestionCount(Pass.VERDICT, open_, Origin.PREDICTION, n_questions=2, n_items=1),
    )


def test_the_newest_question_is_known(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        assert questions.load_newest_id(tx, "main") == 0
        ask(tx, (1, 1), (1, 2))
        assert questions.load_newest_id(tx, "main") == 2
        ask(tx, (1, 2))
        assert questions.load_newest_id(tx, "main") == 2


def test_items_asked_about_are_read_on(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2), (5, 1))
        newest = questions.load_newest_id(tx, "main")
        assert questions.load_asked_items(tx, "main", after=0).tolist() == [3, 5]
        ask(tx, (2, 1), (5, 2))
        assert questions.load_asked_items(tx, "main", after=newest).tolist() == [2, 5]
        assert questions.load_asked_items(tx, "main", after=newest + 2).tolist() == []


def test_items_are_moved_with_all_their_questions(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (3, 7), (3, 8), (1, 2))
        ask(tx, (3, 7), pass_=Pass.KIND)
        questions.save_places(tx, "main", np.array([3, 9]), np.array([41, 42], dtype=np.int64))
        questions.save_places(tx, "main", np.array([], dtype=np.int32), np.array([], dtype=np.int64))
        rows = tx.execute(select(tables.questions.c.item, tables.questions.c.shuffle)).all()
    assert sorted(tuple(row) for row in rows) == [(1, 100), (3, 41), (3, 41), (3, 41)]


def test_a_question_can_be_held_for_an_adjudicator(store: Store, ask: Ask) -> None:
    with store.write() as tx:
        ask(tx, (3, 7), (3, 8))
        questions.save_held(tx, [1], held=True)
        assert [row.held for row in questions.list_questions(tx, split="main")] == [True, False]
        questions.save_held(tx, [1], held=False)
        assert [row.held for row in questions.list_questions(tx, split="main")] == [False, False]
