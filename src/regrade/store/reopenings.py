"""Reopenings: which decisions an adjudicator took back, and which classes wait for one since. Only appended.

A decision that is taken back because an answer was undone is none of these: then the answers that are left decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, insert, select

from regrade.records.adjudication import Reopening
from regrade.records.panel import DecisionMethod, Pass
from regrade.store import tables
from regrade.store.decisions import list_decisions
from regrade.store.names import split_id
from regrade.store.store import Transaction


class Place(NamedTuple):
    """What a decision is on; without a class on the item itself."""

    item: int
    class_id: int | None
    pass_: Pass


def save_reopening(tx: Transaction, line: int, *, reopened: int) -> None:
    """Say that an adjudicator took a decision back.

    Args:
        tx: A write transaction.
        line: Id of the line that takes it back, as `save_decision` gave it.
        reopened: Id of the decision that was in force.
    """
    tx.execute(insert(tables.reopenings).values(decision=line, reopened=reopened))


def save_waiting(tx: Transaction, lines: Iterable[int]) -> None:
    """Say that classes wait for an adjudicator since their item was reopened, each by a line of its own.

    Args:
        tx: A write transaction.
        lines: Ids of the lines, as `save_decision` gave them.
    """
    rows = [{"decision": line, "reopened": None} for line in lines]
    if rows:
        tx.execute(insert(tables.reopenings), rows)


def list_line_ids(tx: Transaction, split: str) -> frozenset[int]:
    """Ids of the lines by which adjudicators took decisions back, or left classes to each other."""
    rows, lines = tables.reopenings, tables.decisions
    query = select(rows.c.decision).join(lines, lines.c.id == rows.c.decision)
    return frozenset(tx.execute(query.where(lines.c.split == split_id(tx, split))).scalars())


def list_reopenings(tx: Transaction, split: str, *, item: int | None = None) -> tuple[Reopening, ...]:
    """What adjudicators took back on a split, or on one item of it, oldest first."""
    rows, lines = tables.reopenings, tables.decisions
    query = (
        select(rows)
        .join(lines, lines.c.id == rows.c.decision)
        .where(lines.c.split == split_id(tx, split), rows.c.reopened.is_not(None))
        .order_by(rows.c.decision)
    )
    if item is not None:
        query = query.where(lines.c.item == item)
    found = tx.execute(query).all()
    made = {row.id: row for row in list_decisions(tx, [number for row in found for number in (row[0], row[1])])}
    return tuple(
        Reopening(
            line=row.decision,
            decision=made[row.reopened],
            author=made[row.decision].author,
            reason=made[row.decision].reason,
            at=made[row.decision].created_at,
        )
        for row in found
    )


def load_overruled(tx: Transaction, split: str, *, item: int | None = None) -> dict[int, datetime]:
    """When it was last taken back that an item is problematic: by position, of those of which it ever was.

    Args:
        tx: A transaction.
        split: The split.
        item: Only of this item.
    """
    of = {"of_split": split_id(tx, split)} | ({} if item is None else {"of_item": item})
    found = tx.execute(_select_overruled(of_item=item is not None), of)
    return {item: newest for item, newest in found}  # noqa: C416 - rows are no pairs to mypy


def list_waiting(tx: Transaction, split: str) -> set[Place]:
    """Where adjudicators took a decision back, none is in force, and neither they nor another panel decided since."""
    rows, lines = tables.reopenings, tables.decisions
    later, last = tables.decisions.alias("later"), tables.decisions.alias("last")
    same = (
        later.c.split == lines.c.split,
        later.c.item == lines.c.item,
        later.c.class_id.is_not_distinct_from(lines.c.class_id),
        later.c["pass"] == lines.c["pass"],
    )
    by_others = later.c.method.in_((DecisionMethod.ADJUDICATION, DecisionMethod.IMPORTED))
    decided = select(later.c.id).where(*same, by_others, later.c.id > lines.c.id)
    newest = select(func.max(later.c.id)).where(*same).scalar_subquery()
    query = (
        select(lines.c.item, lines.c.class_id, lines.c["pass"])
        .join(rows, rows.c.decision == lines.c.id)
        .join(last, last.c.id == newest)
        .where(lines.c.split == split_id(tx, split), last.c.method == DecisionMethod.REOPENED, ~decided.exists())
    )
    return {Place(item, class_id, Pass(pass_)) for item, class_id, pass_ in tx.execute(query)}


def list_pending_items(tx: Transaction, split: str) -> tuple[int, ...]:
    """Items of which it was taken back that they are problematic, and not said again what they are; ascending.

    What reviewers agreed on afterwards says it, unless it was undone.
    """
    return tuple(sorted(row.item for row in list_waiting(tx, split) if row.class_id is None))


def list_held(tx: Transaction, split: str) -> frozenset[Place]:
    """The questions that only an adjudicator may settle, by what adjudicators have taken back and decided since."""
    return frozenset(row for row in list_waiting(tx, split) if row.class_id is not None)


@cache
def _select_overruled(*, of_item: bool) -> Select[Any]:
    """Made once: every answer asks it."""
    rows, lines = tables.reopenings, tables.decisions
    query = (
        select(lines.c.item, func.max(lines.c.created_at))
        .join(rows, rows.c.decision == lines.c.id)
        .where(lines.c.split == bindparam("of_split"), lines.c.class_id.is_(None))
        .group_by(lines.c.item)
    )
    return query.where(lines.c.item == bindparam("of_item")) if of_item else query
