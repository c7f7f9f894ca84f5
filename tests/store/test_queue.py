"""The queue: who is dealt what next. An item's place on the ring is item * 100; reviewers start at 0 unless said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pytest

from regrade.records.panel import Origin, Pass, QuestionStatus, Screen
from regrade.store import Store, Transaction, questions, screens
from regrade.store import queue as search

Ask = Callable[..., int]
ScreenOf = Callable[..., Screen]
DAY = timedelta(days=1)


PEOPLE = ("ann", "bob", "cyd", "dan")


@dataclass(frozen=True)
class Queue:
    """The two questions to the queue, with what is the same in nearly all tests."""

    at: datetime

    def next_item(
        self,
        tx: Transaction,
        reviewer: str,
        *,
        start: int = 0,
        n: int = 2,
        pass_: Pass = Pass.VERDICT,
        later: timedelta = timedelta(0),
    ) -> int | None:
        found = questions.find_next_item(
            tx,
            split="main",
            pass_=pass_,
            reviewer=reviewer,
            n_reviewers=n,
            start=start,
            lease_before=self.at + later - DAY,
        )
        return found.item if found else None

    def n_left(
        self,
        tx: Transaction,
        reviewer: str,
        *,
        n: int = 2,
        pass_: Pass = Pass.VERDICT,
        later: timedelta = timedelta(0),
    ) -> int:
        return questions.count_items_left(
            tx, split="main", pass_=pass_, reviewer=reviewer, n_reviewers=n, lease_before=self.at + later - DAY
        )


@pytest.fixture
def queue(at: datetime) -> Queue:
    return Queue(at)


def test_the_ring_is_walked_from_the_start_and_around(store: Store, ask: Ask, queue: Queue) -> None:
    with store.write() as tx:
        ask(tx, (2, 1), (5, 1), (9, 1))
        assert queue.next_item(tx, "ann") == 2
        assert queue.next_item(tx, "ann", start=200) == 2
        assert queue.next_item(tx, "ann", start=201) == 5
        assert queue.next_item(tx, "ann", start=900) == 9
        assert queue.next_item(tx, "ann", start=901) == 2


def test_nothing_is_left_of_nothing(store: Store, queue: Queue) -> None:
    with store.read() as tx:
        assert queue.next_item(tx, "ann") is None
        assert queue.n_left(tx, "ann") == 0


def test_only_open_cases_are_dealt(store: Store, ask: Ask, queue: Queue) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), origin=Origin.LABEL)
        ask(tx, (2, 1), (3, 1), (4, 1), (5, 1))
        ask(tx, (0, 1), pass_=Pass.KIND)
        for number, status in ((2, "decided"), (3, "disputed"), (4, "closed")):
            questions.save_status(tx, [number], QuestionStatus(status))
        assert queue.next_item(tx, "ann") == 5
        assert queue.n_left(tx, "ann") == 1


def test_what_others_have_begun_comes_first(store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (5, 1), (9, 1))
        screens.save_screens(tx, [screen_of("s1", "bob", 9, (1,)), screen_of("s2", "cyd", 5, (1,))])
        assert queue.next_item(tx, "ann") == 5
        assert queue.next_item(tx, "ann", start=501) == 9
        assert queue.next_item(tx, "ann", start=901) == 5
        # What one has begun oneself is none of them.
        assert queue.next_item(tx, "cyd") == 9
        assert [queue.n_left(tx, name) for name in ("ann", "bob", "cyd")] == [3, 2, 2]


def test_an_item_goes_to_n_reviewers(store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue) -> None:
    with store.write() as tx:
        ask(tx, (3, 1))
        for n, reviewer in enumerate(("ann", "bob", "cyd"), start=1):
            assert queue.next_item(tx, reviewer, n=n) == 3
            screens.save_screens(tx, [screen_of(f"s{n}", reviewer, 3, (1,))])
            # Full for n reviewers, so nobody else gets it; nor does the reviewer again, whatever n is.
            assert queue.next_item(tx, "dan", n=n) is None
            assert queue.next_item(tx, reviewer, n=n + 1) is None
            assert queue.next_item(tx, "dan", n=n + 1) == 3
            assert (
                queue.n_left(tx, "dan", n=n),
                queue.n_left(tx, "dan", n=n + 1),
                queue.n_left(tx, reviewer, n=n + 1),
            ) == (0, 1, 0)


def test_one_open_case_with_room_is_enough(store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue) -> None:
    with store.write() as tx:
        ask(tx, (3, 1))
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1,)), screen_of("s2", "bob", 3, (1,))])
        assert queue.next_item(tx, "ann") is None
        # One more model predicts another class.
        ask(tx, (3, 2))
        assert [queue.next_item(tx, name) for name in ("ann", "cyd")] == [3, 3]
        assert queue.n_left(tx, "ann") == 1


def test_a_screen_left_for_too_long_keeps_nobody_out(
    store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue, at: datetime
) -> None:
    late = DAY + timedelta(seconds=1)
    with store.write() as tx:
        ask(tx, (3, 1))
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1,))])
        assert queue.next_item(tx, "bob", n=1, later=DAY) is None
        assert (queue.next_item(tx, "bob", n=1, later=late), queue.n_left(tx, "bob", n=1, later=late)) == (3, 1)
        # The one who left it is dealt no second screen: the first still waits.
        assert queue.next_item(tx, "ann", n=1, later=late) is None
        screens.save_screens(tx, [screen_of("s2", "bob", 3, (1,), created_at=at + late)])
        assert queue.next_item(tx, "cyd", n=1, later=late) is None
        assert queue.next_item(tx, "cyd", n=2, later=late) == 3
        # Once answered it counts for good.
        screens.save_answered(tx, "s1", "sub", at + late, protocol=None)
        assert queue.next_item(tx, "cyd", n=2, later=late) is None
        assert queue.n_left(tx, "cyd", n=2, later=late) == 0


def test_skipped_items_come_last_the_longest_ago_first(
    store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue, at: datetime
) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (2, 1), (3, 1))
        for minutes, item in enumerate((2, 1)):
            screens.save_screens(tx, [screen_of(f"s{item}", "ann", item, (1,))])
            screens.save_skipped(tx, f"s{item}", at + timedelta(minutes=minutes))
        assert queue.next_item(tx, "ann") == 3
        assert queue.next_item(tx, "bob") == 1
        assert queue.n_left(tx, "ann") == 3
        screens.save_screens(tx, [screen_of("s3", "ann", 3, (1,))])
        assert queue.next_item(tx, "ann") == 2
        # Skipped again, it goes to the end.
        screens.save_screens(tx, [screen_of("s4", "ann", 2, (1,))])
        assert queue.next_item(tx, "ann") == 1
        screens.save_skipped(tx, "s4", at + timedelta(minutes=5))
        assert queue.next_item(tx, "ann") == 1
        # Full with others' claims, it does not come back.
        screens.save_screens(tx, [screen_of("s5", "bob", 1, (1,)), screen_of("s6", "cyd", 1, (1,))])
        assert queue.next_item(tx, "ann") == 2


def test_a_skip_in_one_pass_is_none_in_the_other(
    store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue, at: datetime
) -> None:
    with store.write() as tx:
        ask(tx, (1, 1), (2, 1), pass_=Pass.KIND)
        ask(tx, (1, 1))
        screens.save_screens(tx, [screen_of("s1", "ann", 1, (1,))])
        screens.save_skipped(tx, "s1", at)
        questions.save_status(tx, [3], QuestionStatus.DECIDED)
        assert queue.next_item(tx, "ann", pass_=Pass.KIND) == 1


def test_the_second_pass_waits_for_the_first(store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue) -> None:
    decided, disputed = QuestionStatus.DECIDED, QuestionStatus.DISPUTED
    with store.write() as tx:
        ask(tx, (1, 1), (1, 2))
        ask(tx, (1, 3), origin=Origin.LABEL)
        ask(tx, (1, 1), pass_=Pass.KIND)
        for statuses, item in (
            ((decided, QuestionStatus.OPEN), None),
            ((decided, disputed), None),
            ((decided, QuestionStatus.CLOSED), 1),
            # The label's question may still be open: it is no case.
            ((decided, decided), 1),
        ):
            for number, status in enumerate(statuses, start=1):
                questions.save_status(tx, [number], status)
            assert queue.next_item(tx, "ann", pass_=Pass.KIND) == item
            assert queue.n_left(tx, "ann", pass_=Pass.KIND) == (item is not None)
        screens.save_screens(tx, [screen_of("s1", "bob", 1, (1,), pass_=Pass.KIND)])
        assert queue.next_item(tx, "bob", pass_=Pass.KIND) is None
        assert queue.next_item(tx, "ann", pass_=Pass.KIND) == 1


@dataclass
class Rule:
    """The design's words on who is dealt what, written out in Python, with a history of its own."""

    cases: list[tuple[int, int]]
    places: dict[int, int]
    n: int
    claims: dict[tuple[int, int], dict[str, bool]] = field(default_factory=dict)
    """Who holds a claim on each case, and whether it is live."""
    skips: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in PEOPLE})

    def mine(self, item: int, reviewer: str) -> list[int]:
        """Classes on an item that the reviewer has not claimed."""
        return [
            class_id
            for at, class_id in self.cases
            if at == item and reviewer not in self.claims.get((at, class_id), {})
        ]

    def expect(self, reviewer: str, start: int) -> tuple[int | None, int]:
        """The next item, and how many can be dealt."""
        begun: set[int] = set()
        fresh: set[int] = set()
        for case in self.cases:
            held = self.claims.get(case, {})
            if reviewer not in held and sum(held.values()) < self.n:
                (begun if held else fresh).add(case[0])
        skipped = self.skips[reviewer]
        for candidates in (begun - set(skipped), fresh - set(skipped)):
            if candidates:
                return min(candidates, key=lambda item: (self.places[item] < start, self.places[item])), len(
                    begun | fresh
                )
        return next((item for item in skipped if item in begun | fresh), None), len(begun | fresh)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_rule_holds_for_any_history(store: Store, ask: Ask, screen_of: ScreenOf, queue: Queue, n: int) -> None:
    """Dealt, answered, skipped and abandoned screens at random, until nothing is left for anybody."""
    rng = np.random.default_rng(n)
    keys = np.unique(rng.integers(0, 30 * 3, 45)).tolist()
    rule = Rule([(key // 3, key % 3) for key in keys], dict(enumerate((rng.permutation(30) * 1000).tolist())), n)
    n_dealt = 0
    with store.write() as tx:
        ask(tx, *rule.cases, places=rule.places)
        for turn in range(150):
            reviewer, start, name = PEOPLE[int(rng.integers(4))], int(rng.integers(30_000)), f"s{turn}"
            item = queue.next_item(tx, reviewer, start=start, n=n)
            assert (item, queue.n_left(tx, reviewer, n=n)) == rule.expect(reviewer, start), turn
            if item is None:
                continue
            n_dealt += 1
            mine, stale = rule.mine(item, reviewer), rng.random() < 0.2
            made = queue.at - 2 * DAY if stale else queue.at
            screens.save_screens(tx, [screen_of(name, reviewer, item, mine, created_at=made)])
            if item in rule.skips[reviewer]:
                rule.skips[reviewer].remove(item)
            fate = rng.random()
            if fate < 0.3:
                screens.save_skipped(tx, name, queue.at + timedelta(seconds=turn))
                rule.skips[reviewer].append(item)
                continue
            if fate < 0.7:
                screens.save_answered(tx, name, f"sub{turn}", queue.at, protocol=None)
            for class_id in mine:
                rule.claims.setdefault((item, class_id), {})[reviewer] = fate < 0.7 or not stale
    # The history went far enough to meet the end of the queue.
    assert 30 <= n_dealt < 150


@pytest.mark.usefixtures("sqlite_only")
def test_the_search_goes_by_the_index(store: Store) -> None:
    """However many cases there are: no step of the usual search reads a table from end to end or sorts open cases."""
    values = {"split": 1, "pass": "verdict", "reviewer": 1, "n_reviewers": 2, "n_least": 2, "start": 5}
    with store.read() as tx:
        for statements in (search._SINGLY_CLAIMED, search._UNCLAIMED):
            for pass_ in Pass:
                for statement in statements[pass_]:
                    rows = tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.text}", values).all()
                    steps = [row[3] for row in rows]
                    assert any("ix_questions_work (split=? AND pass=? AND n_claims=?" in step for step in steps)
                    assert not [step for step in steps if step.startswith("SCAN questions")]
