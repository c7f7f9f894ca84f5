"""What each reviewer has done: screens answered, with the time they took, items put off, answers undone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Select, func, or_, select

from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.names import split_id
from regrade.store.store import Transaction
from regrade.store.tables import ScreenStatus


@dataclass(frozen=True, eq=False)
class Paces:
    """The answered screens of one pass, in no order. They look alike and are counted alike, whatever they are for."""

    names: tuple[str, ...]
    """(n,) who answered."""
    seconds: npt.NDArray[np.float64]
    """(n,) time on the screen, idle time left out; NaN where it was not measured."""


def load_paces(tx: Transaction, split: str, pass_: Pass) -> Paces:
    """How long each answered screen took."""
    rows, people = tables.screens, tables.users
    names = {row.id: row.name for row in tx.execute(select(people.c.id, people.c.name))}
    query = select(rows.c.reviewer, rows.c.seconds).where(
        rows.c.split == split_id(tx, split), rows.c["pass"] == pass_, rows.c.status == ScreenStatus.ANSWERED
    )
    found = tx.execute(query).all()
    seconds = np.array([row.seconds for row in found], dtype=np.float64)  # None becomes NaN
    return Paces(tuple(names[row.reviewer] for row in found), seconds)


def count_skipped(tx: Transaction, split: str) -> dict[str, int]:
    """How many items each reviewer has put off, whether or not they were dealt again; by name, none left out but 0."""
    rows, people = tables.screens, tables.users
    # A skipped screen whose item is dealt again is withdrawn, and keeps the time at which it was skipped.
    dealt_again = (
        (rows.c.status == ScreenStatus.WITHDRAWN) & rows.c.ended_at.is_not(None) & rows.c.withdrawn_by.is_(None)
    )
    items = (
        select(people.c.name, rows.c.item, rows.c["pass"])
        .distinct()
        .join(people, people.c.id == rows.c.reviewer)
        .where(rows.c.split == split_id(tx, split), or_(rows.c.status == ScreenStatus.SKIPPED, dealt_again))
        .subquery()
    )
    return _count(tx, select(items.c.name, func.count()).group_by(items.c.name))


def count_undone(tx: Transaction, split: str) -> dict[str, int]:
    """How many answers each reviewer has taken back; by name, none left out but 0."""
    rows, withdrawn, people = tables.reviews, tables.withdrawals, tables.users
    same = (rows.c.submission == withdrawn.c.submission) & (rows.c.reviewer == withdrawn.c.reviewer)
    query = (
        select(people.c.name, func.count(withdrawn.c.submission.distinct()))
        .select_from(withdrawn)
        .join(rows, same)
        .join(people, people.c.id == withdrawn.c.reviewer)
        .where(rows.c.split == split_id(tx, split))
        .group_by(people.c.name)
    )
    return _count(tx, query)


def _count(tx: Transaction, query: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in tx.execute(query)}
