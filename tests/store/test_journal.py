"""The journal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from regrade.records.users import JournalLine
from regrade.store import Store, journal


def test_lines_are_numbered_from_one(empty_store: Store, at: datetime) -> None:
    facts: dict[str, object] = {"n": 1, "é": ["a", None, 2.5], "inner": {"x": True}}
    with empty_store.write() as tx:
        first = journal.save_line(tx, actor="ann", action="labels.use", facts=facts, at=at)
        second = journal.save_line(tx, actor="bob", action="review.save", facts={}, at=at)
    assert (first.seq, second.seq) == (1, 2)
    with empty_store.read() as tx:
        assert journal.list_lines(tx) == (JournalLine(1, at, "ann", "labels.use", facts), second)


def test_lines_can_be_read_in_parts(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        for _ in range(5):
            journal.save_line(tx, actor="ann", action="a", facts={}, at=at)
        assert [line.seq for line in journal.list_lines(tx, after=1, limit=2)] == [2, 3]
        assert [line.seq for line in journal.list_lines(tx, after=3)] == [4, 5]
        assert journal.list_lines(tx, after=5) == ()


def test_lines_of_some_actions(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        for action in ("a", "b", "c", "a"):
            journal.save_line(tx, actor="ann", action=action, facts={}, at=at)
        assert [line.seq for line in journal.list_lines(tx, actions=("a", "c"))] == [1, 3, 4]
        assert [line.seq for line in journal.list_lines(tx, after=1, limit=1, actions=["a"])] == [4]
        assert journal.list_lines(tx, actions=()) == ()


class Undo(Exception):  # noqa: N818 - no error
    """Ends a transaction on purpose."""


def test_there_is_no_gap_under_threads_where_some_undo(empty_store: Store, at: datetime) -> None:
    def write(worker: int) -> None:
        for turn in range(15):
            undone = (worker + turn) % 3 == 0
            try:
                with empty_store.write() as tx:
                    journal.save_line(tx, actor=str(worker), action="a", facts={"turn": turn}, at=at)
                    if undone:
                        raise Undo
            except Undo:
                assert undone

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    with empty_store.read() as tx:
        lines = journal.list_lines(tx)
    # 8 workers, 15 turns: (worker + turn) is divisible by 3 in 5 of each worker's 15 turns, so 8 * 10 lines are left.
    assert [line.seq for line in lines] == list(range(1, 81))
    kept = {(int(line.actor), line.facts["turn"]) for line in lines}
    assert kept == {(worker, turn) for worker in range(8) for turn in range(15) if (worker + turn) % 3}


def test_a_number_that_the_facts_cannot_say_is_our_own_mistake(empty_store: Store, at: datetime) -> None:
    with pytest.raises(Exception, match="not JSON serializable"), empty_store.write() as tx:
        journal.save_line(tx, actor="ann", action="a", facts={"x": object()}, at=at)
    with empty_store.read() as tx:
        assert journal.list_lines(tx) == ()


def test_the_newest_line_is_known(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        assert journal.load_newest_seq(tx) == 0
        journal.save_line(tx, actor="ann", action="a", facts={}, at=at)
        assert journal.load_newest_seq(tx) == 1
