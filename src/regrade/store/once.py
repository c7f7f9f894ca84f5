"""What one transaction has looked up, so that it asks the database once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from regrade.store.store import LOOKED_UP, Transaction

Found = TypeVar("Found")


def once(tx: Transaction, kind: str, name: str, find: Callable[[], Found]) -> Found:
    """What `find` gives, asked for the first time in this transaction; an error is not kept."""
    known: dict[tuple[str, str], Found] = tx.info.setdefault(LOOKED_UP, {})
    if (kind, name) not in known:
        known[kind, name] = find()
    return known[kind, name]


def forget(tx: Transaction, kind: str, name: str) -> None:
    """Look it up again, since this transaction has changed it."""
    tx.info.get(LOOKED_UP, {}).pop((kind, name), None)
