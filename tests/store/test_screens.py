"""Screens and claims."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Origin, Pass, Protocol, Purpose, Screen
from regrade.store import Store, Transaction, claims, protocols, questions, screens

Ask = Callable[..., int]
ScreenOf = Callable[..., Screen]
MINUTE = timedelta(minutes=1)


def claims_of(tx: Transaction, item: int) -> dict[int, int]:
    """Number of claims by class."""
    return {row.class_id: row.n_claims for row in questions.list_item_questions(tx, "main", item)}


def held(tx: Transaction, reviewer: str, item: int) -> frozenset[int]:
    return claims.list_claimed_classes(tx, reviewer, "main", item, Pass.VERDICT)


def test_a_screen_comes_back(store: Store, screen_of: ScreenOf) -> None:
    screen = screen_of("s1", "ann", 3, (7, 1, 4), part=1, n_parts=2)
    with store.write() as tx:
        screens.save_screens(tx, [screen])
    with store.read() as tx:
        assert screens.load_screen(tx, "s1") == screen
        with pytest.raises(NotFoundError, match="no such screen"):
            screens.load_screen(tx, "s2")


def test_a_screen_keeps_its_purpose_its_protocol_and_the_time_spent_on_it(
    store: Store, screen_of: ScreenOf, at: datetime
) -> None:
    with store.write() as tx:
        protocols.save_protocol(tx, Protocol(), author="ann", reason="", at=at)
        screen = replace(screen_of("s1", "ann", 3, (7, 1)), purpose=Purpose.GOLD, protocol=1)
        screens.save_screens(tx, [screen])
        assert screens.load_screen(tx, "s1") == screen
        screens.save_answered(tx, "s1", "sub", at, protocol=1, seconds=12.5)
        assert screens.load_screen(tx, "s1").seconds == 12.5
        screens.save_reopened(tx, "s1")
        assert screens.load_screen(tx, "s1") == screen


@pytest.mark.parametrize("purpose", [Purpose.GOLD, Purpose.AUDIT])
def test_a_screen_that_is_not_the_panels_takes_nobodys_place(
    store: Store, ask: Ask, screen_of: ScreenOf, purpose: Purpose
) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2))
        screens.save_screens(tx, [replace(screen_of("s1", "ann", 3, (1, 2)), purpose=purpose)])
        assert claims_of(tx, 3) == {1: 0, 2: 0}
        assert held(tx, "ann", 3) == frozenset()


def test_a_screen_claims_the_cases_on_it(store: Store, ask: Ask, screen_of: ScreenOf) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2), (3, 4), (5, 1))
        ask(tx, (3, 3), origin=Origin.LABEL)
        ask(tx, (3, 1), pass_=Pass.KIND)
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (3, 1, 2, 9)), screen_of("s2", "bob", 3, (1, 4))])
        # 3 is a label, 9 no question: neither is claimed; nor is the question of the second pass on class 1.
        assert claims_of(tx, 3) == {1: 2, 2: 1, 4: 1, 3: 0} | {1: 0}
        assert [row.n_claims for row in questions.list_item_questions(tx, "main", 3, Pass.VERDICT)] == [2, 1, 1, 0]
        assert held(tx, "ann", 3) == {1, 2}
        assert held(tx, "bob", 3) == {1, 4}
        assert held(tx, "ann", 5) == frozenset()


def test_open_screens_are_listed_in_the_order_of_dealing(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    dealt = [
        screen_of("s1", "ann", 3, (1,), part=0, n_parts=2),
        screen_of("s2", "ann", 3, (2,), part=1, n_parts=2),
        screen_of("s3", "bob", 3, (1,)),
        screen_of("s4", "ann", 1, (2,), pass_=Pass.KIND),
        screen_of("s5", "ann", 2, (2,)),
    ]
    with store.write() as tx:
        screens.save_screens(tx, dealt)
        assert screens.list_open_screens(tx, "ann", Pass.VERDICT) == (dealt[0], dealt[1], dealt[4])
        screens.save_answered(tx, "s1", "sub", at, protocol=None)
        assert [row.id for row in screens.list_open_screens(tx, "ann", Pass.VERDICT)] == ["s2", "s5"]
        assert [row.id for row in screens.list_open_screens(tx, "ann", Pass.KIND)] == ["s4"]
        assert screens.list_open_screens(tx, "cyd", Pass.VERDICT) == ()


def test_an_answered_screen_says_so(store: Store, ask: Ask, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        ask(tx, (3, 1))
        screen = screen_of("s1", "ann", 3, (1,))
        screens.save_screens(tx, [screen])
        screens.save_answered(tx, "s1", "sub", at + MINUTE, protocol=None)
        assert screens.load_screen(tx, "s1") == replace(screen, answered_at=at + MINUTE, submission="sub")
        assert claims_of(tx, 3) == {1: 1}
        assert screens.count_answered_items(tx, "ann", "main", Pass.VERDICT) == 1
        assert screens.count_answered_items(tx, "ann", "main", Pass.KIND) == 0
        assert screens.count_answered_items(tx, "bob", "main", Pass.VERDICT) == 0


@pytest.mark.parametrize("waits", ["dealt", "skipped"])
def test_an_item_is_answered_once_all_its_screens_are(
    store: Store, screen_of: ScreenOf, at: datetime, waits: str
) -> None:
    with store.write() as tx:
        parts = [screen_of(f"s{part}", "ann", 3, (part,), part=part, n_parts=2) for part in range(2)]
        screens.save_screens(tx, [*parts, screen_of("t0", "ann", 5, (1,))])
        for name in ("s0", "t0"):
            screens.save_answered(tx, name, f"sub-{name}", at, protocol=None)
        if waits == "skipped":
            screens.save_skipped(tx, "s1", at)
        assert screens.count_answered_items(tx, "ann", "main", Pass.VERDICT) == 1
        if waits == "dealt":
            screens.save_answered(tx, "s1", "sub-s1", at, protocol=None)
            assert screens.count_answered_items(tx, "ann", "main", Pass.VERDICT) == 2


@pytest.mark.parametrize("status", ["answered", "skipped", "withdrawn"])
def test_what_has_ended_cannot_end_again(store: Store, screen_of: ScreenOf, at: datetime, status: str) -> None:
    with store.write() as tx:
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1,))])
        if status == "answered":
            screens.save_answered(tx, "s1", "sub", at, protocol=None)
        elif status == "skipped":
            screens.save_skipped(tx, "s1", at)
        else:
            screens.save_withdrawn(tx, "s1")
        ends: tuple[Callable[[], None], ...] = (
            lambda: screens.save_answered(tx, "s1", "sub2", at, protocol=None),
            lambda: screens.save_skipped(tx, "s1", at),
            lambda: screens.save_withdrawn(tx, "s1"),
        )
        for end in ends:
            with pytest.raises(ConflictError, match=f"This screen is {status} already"):
                end()


def test_a_screen_that_is_not_there_cannot_end(store: Store, at: datetime) -> None:
    with store.write() as tx:
        ends: tuple[Callable[[], None], ...] = (
            lambda: screens.save_answered(tx, "s1", "sub", at, protocol=None),
            lambda: screens.save_skipped(tx, "s1", at),
            lambda: screens.save_withdrawn(tx, "s1"),
            lambda: screens.save_reopened(tx, "s1"),
        )
        for end in ends:
            with pytest.raises(NotFoundError, match="no such screen"):
                end()


def test_a_skip_releases_all_open_parts(store: Store, ask: Ask, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2), (3, 4), (5, 1))
        parts = [
            screen_of(f"s{part}", "ann", 3, (class_id,), part=part, n_parts=3)
            for part, class_id in enumerate((1, 2, 4))
        ]
        screens.save_screens(tx, [*parts, screen_of("other", "ann", 5, (1,)), screen_of("bob", "bob", 3, (2,))])
        screens.save_answered(tx, "s0", "sub", at, protocol=None)
        screens.save_skipped(tx, "s1", at)
        # What was answered stays claimed; what others claimed too.
        assert claims_of(tx, 3) == {1: 1, 2: 1, 4: 0}
        assert held(tx, "ann", 3) == {1}
        assert held(tx, "bob", 3) == {2}
        assert [row.id for row in screens.list_open_screens(tx, "ann", Pass.VERDICT)] == ["other"]
        assert screens.list_skipped_items(tx, "ann", Pass.VERDICT) == (screens.SkippedItem("main", 3),)
        assert screens.list_skipped_items(tx, "bob", Pass.VERDICT) == ()


def test_skipped_items_are_listed_until_they_are_dealt_again(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        screens.save_screens(tx, [screen_of("s1", "ann", 1, (1,)), screen_of("s2", "ann", 2, (1,))])
        screens.save_skipped(tx, "s2", at)
        screens.save_skipped(tx, "s1", at + MINUTE)
        assert [row.item for row in screens.list_skipped_items(tx, "ann", Pass.VERDICT)] == [2, 1]
        screens.save_screens(tx, [screen_of("s3", "ann", 2, (1,))])
        assert [row.item for row in screens.list_skipped_items(tx, "ann", Pass.VERDICT)] == [1]
        screens.save_skipped(tx, "s3", at + 2 * MINUTE)
        assert [row.item for row in screens.list_skipped_items(tx, "ann", Pass.VERDICT)] == [1, 2]


def test_a_withdrawn_screen_releases_its_claims(store: Store, ask: Ask, screen_of: ScreenOf) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2))
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1,)), screen_of("s2", "ann", 3, (2,))])
        screens.save_withdrawn(tx, "s1")
        assert claims_of(tx, 3) == {1: 0, 2: 1}
        assert [row.id for row in screens.list_open_screens(tx, "ann", Pass.VERDICT)] == ["s2"]


def test_a_problematic_item_closes_its_other_parts_and_undo_brings_them_back(
    store: Store, ask: Ask, screen_of: ScreenOf, at: datetime
) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2), (3, 4))
        parts = [
            screen_of(f"s{part}", "ann", 3, (class_id,), part=part, n_parts=3)
            for part, class_id in enumerate((1, 2, 4))
        ]
        screens.save_screens(tx, [*parts, screen_of("b1", "bob", 3, (1, 2))])
        screens.save_withdrawn(tx, "s2")
        screens.save_answered(tx, "s0", "sub", at, protocol=None)
        screens.save_item_withdrawn(tx, parts[0])
        assert screens.list_open_screens(tx, "ann", Pass.VERDICT) == ()
        assert [row.id for row in screens.list_open_screens(tx, "bob", Pass.VERDICT)] == ["b1"]
        # The reviewer has spoken on all of the item: nobody takes these places.
        assert claims_of(tx, 3) == {1: 2, 2: 2, 4: 0}
        screens.save_reopened(tx, "s0")
        # The part that was taken back before stays so.
        assert screens.list_open_screens(tx, "ann", Pass.VERDICT) == (parts[0], parts[1])
        assert claims_of(tx, 3) == {1: 2, 2: 2, 4: 0}
        with pytest.raises(ConflictError, match="no answer to undo"):
            screens.save_reopened(tx, "s0")


def test_the_last_answer_is_found(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        assert screens.load_last_answered(tx, "ann", Pass.VERDICT) is None
        for item, minutes in ((1, 2), (2, 3), (3, 1)):
            screens.save_screens(tx, [screen_of(f"s{item}", "ann", item, (1,))])
            screens.save_answered(tx, f"s{item}", f"sub{item}", at + minutes * MINUTE, protocol=None)
        screens.save_screens(tx, [screen_of("s4", "ann", 4, (1,), pass_=Pass.KIND), screen_of("s5", "bob", 5, (1,))])
        screens.save_answered(tx, "s4", "sub4", at + 9 * MINUTE, protocol=None)
        screens.save_answered(tx, "s5", "sub5", at + 9 * MINUTE, protocol=None)
        assert screens.load_last_answered(tx, "ann", Pass.VERDICT) == screens.load_screen(tx, "s2")
        screens.save_reopened(tx, "s2")
        last = screens.load_last_answered(tx, "ann", Pass.VERDICT)
        assert last is not None
        assert (last.id, last.submission) == ("s1", "sub1")


def test_further_questions_are_claimed_with_the_answer(store: Store, ask: Ask, screen_of: ScreenOf) -> None:
    with store.write() as tx:
        ask(tx, (3, 1))
        screen = screen_of("s1", "ann", 3, (1,))
        screens.save_screens(tx, [screen])
        ask(tx, (3, 8), origin=Origin.ADDED)
        screens.save_claims(tx, screen, [1, 2])
        screens.save_claims(tx, screen, [])
        assert claims_of(tx, 3) == {1: 1, 8: 1}
        assert held(tx, "ann", 3) == {1, 8}


def test_a_screen_for_nobody_is_refused(store: Store, screen_of: ScreenOf) -> None:
    with store.write() as tx:
        with pytest.raises(NotFoundError, match="no user eve"):
            screens.save_screens(tx, [screen_of("s1", "eve", 3, (1,))])
        with pytest.raises(NotFoundError, match="no label set key@7"):
            screens.save_screens(tx, [replace(screen_of("s1", "ann", 3, (1,)), labels="key@7")])


N_THREADS = 16
N_ROUNDS = 50


def test_one_of_many_threads_answers(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        screens.save_screens(tx, [screen_of(f"s{turn}", "ann", turn % 40, (1,)) for turn in range(N_ROUNDS)])
    gate = Barrier(N_THREADS)

    def answer(worker: int) -> list[str]:
        results = []
        for turn in range(N_ROUNDS):
            gate.wait()
            try:
                with store.write() as tx:
                    screens.save_answered(tx, f"s{turn}", f"sub{turn}-{worker}", at, protocol=None)
                results.append("won")
            except ConflictError:
                results.append("lost")
        return results

    with ThreadPoolExecutor(N_THREADS) as pool:
        results = list(pool.map(answer, range(N_THREADS)))
    for turn in range(N_ROUNDS):
        assert sorted(result[turn] for result in results) == ["lost"] * (N_THREADS - 1) + ["won"]
    with store.read() as tx:
        for turn in range(N_ROUNDS):
            winner = next(worker for worker in range(N_THREADS) if results[worker][turn] == "won")
            assert screens.load_screen(tx, f"s{turn}").submission == f"sub{turn}-{winner}"


def test_one_of_many_threads_claims_the_last_place(store: Store, ask: Ask, screen_of: ScreenOf, at: datetime) -> None:
    """With one reviewer an item, 16 threads ask for work at once: every item goes to exactly one of them."""
    with store.write() as tx:
        ask(tx, *((item, 1) for item in range(40)))
    people = ("ann", "bob", "cyd", "dan")

    def work(worker: int) -> list[int]:
        mine: list[int] = []
        while True:
            with store.write() as tx:
                found = questions.find_next_item(
                    tx,
                    split="main",
                    pass_=Pass.VERDICT,
                    reviewer=people[worker % 4],
                    n_reviewers=1,
                    start=worker * 250,
                    lease_before=at,
                )
                if found is None:
                    return mine
                screen = screen_of(f"{worker}-{found.item}", people[worker % 4], found.item, (1,))
                screens.save_screens(tx, [screen])
            mine.append(found.item)

    with ThreadPoolExecutor(N_THREADS) as pool:
        dealt = [item for mine in pool.map(work, range(N_THREADS)) for item in mine]
    assert sorted(dealt) == list(range(40))
    with store.read() as tx:
        assert {row.n_claims for row in questions.list_questions(tx, split="main")} == {1}


def test_an_answer_that_was_undone_elsewhere_gives_its_place_back(
    store: Store, ask: Ask, screen_of: ScreenOf, at: datetime
) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2))
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1, 2)), screen_of("s2", "bob", 3, (1,))])
        screens.save_answered(tx, "s1", "sub1", at, protocol=None)
        screens.save_answered(tx, "s2", "sub2", at, protocol=None, seconds=3)
        assert [screen.id for screen in screens.list_answered(tx, "main")] == ["s1", "s2"]
        screens.save_taken_back(tx, "sub1", at + MINUTE)
        screens.save_taken_back(tx, "no such answer", at + MINUTE)
        assert claims_of(tx, 3) == {1: 1, 2: 0}
        assert [screen.seconds for screen in screens.list_answered(tx, "main")] == [3]


def test_the_protocols_under_which_an_item_was_dealt_are_known_whatever_became_of_it(
    store: Store, screen_of: ScreenOf, at: datetime
) -> None:
    with store.write() as tx:
        for reason in ("one", "two", "three"):
            protocols.save_protocol(tx, Protocol(), author="ann", reason=reason, at=at)
        for number, (id_, item) in enumerate((("s1", 3), ("s2", 3), ("s3", 4)), start=1):
            screens.save_screens(tx, [replace(screen_of(id_, "ann", item, (1,)), protocol=number)])
            screens.save_skipped(tx, id_, at)
        screens.save_screens(tx, [screen_of("s4", "bob", 3, (1,))])
        assert screens.list_protocols(tx, "ann", "main", 3) == (1, 2)
        assert screens.list_protocols(tx, "bob", "main", 3) == ()


def test_answered_screens_are_listed_the_last_one_first(store: Store, screen_of: ScreenOf, at: datetime) -> None:
    with store.write() as tx:
        screens.save_screens(tx, [screen_of("s1", "ann", 3, (1,)), screen_of("s2", "ann", 4, (1,), pass_=Pass.KIND)])
        screens.save_screens(tx, [replace(screen_of("s3", "ann", 5, (1,)), purpose=Purpose.GOLD)])
        screens.save_screens(tx, [screen_of("s4", "ann", 6, (1,)), screen_of("s5", "bob", 3, (1,))])
        for place, name in enumerate(("s2", "s1", "s3", "s5")):
            screens.save_answered(tx, name, f"sub-{name}", at + timedelta(minutes=place), protocol=None)
    with store.read() as tx:
        found = screens.list_answered_screens(tx, "ann", "main")
        # the last answered first; s3 is gold, s4 is not answered, s5 is bob's
        assert [screen.id for screen in found] == ["s1", "s2"]
        assert [screen.id for screen in screens.list_answered_screens(tx, "ann", "main", item=4)] == ["s2"]
        assert [screen.id for screen in screens.list_answered_screens(tx, "ann", "main", limit=1)] == ["s1"]
