"""Claims: places at questions, counted in the question."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from regrade.records.panel import Pass, Screen
from regrade.store import Store, Transaction, claims, questions, screens, tables
from regrade.store.claims import Claim

Ask = Callable[..., int]
ScreenOf = Callable[..., Screen]


def counted(tx: Transaction, item: int) -> dict[int, tuple[int, int | None]]:
    """Number of claims by class, and whose it is where there is one."""
    rows = tables.questions
    query = select(rows.c.class_id, rows.c.n_claims, rows.c.only_reviewer).where(rows.c.item == item)
    return {class_id: (n_claims, only) for class_id, n_claims, only in tx.execute(query)}


def test_places_are_counted_as_they_are_given_and_given_back(store: Store, ask: Ask, screen_of: ScreenOf) -> None:
    with store.write() as tx:
        ask(tx, (3, 1), (3, 2))
        screens.save_screens(tx, [screen_of("s1", "ann", 3, ()), screen_of("s2", "bob", 3, ())])
        first, second = (row.id for row in questions.list_item_questions(tx, "main", 3, Pass.VERDICT))
        claims.save_claims(tx, [Claim(first, 1, 1), Claim(second, 1, 1), Claim(first, 2, 2)])
        assert counted(tx, 3) == {1: (2, None), 2: (1, 1)}
        claims.save_claims(tx, [Claim(first, 1, 2)])  # ann has a place there, from screen 1
        claims.save_claims(tx, [])
        assert counted(tx, 3) == {1: (2, None), 2: (1, 1)}
        assert claims.list_claimed_classes(tx, "ann", "main", 3, Pass.VERDICT) == {1, 2}
        claims.release_raised(tx, 1, [1])
        assert counted(tx, 3) == {1: (2, None), 2: (0, None)}
        claims.release_claims(tx, [1])
        assert counted(tx, 3) == {1: (1, 2), 2: (0, None)}
        assert claims.list_claimed_classes(tx, "ann", "main", 3, Pass.VERDICT) == frozenset()
