"""Reopenings: which decisions an adjudicator took back, and what reviewers had said until then. Only appended.

A decision that is taken back because an answer was undone is none of these: then the answers that are left decide.
"""

from __future__ import annotations

from sqlalchemy import func, insert, select

from regrade.records.adjudication import Reopening
from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.decisions import list_decisions
from regrade.store.names import split_id
from regrade.store.store import Transaction


def save_reopening(tx: Transaction, line: int, *, reopened: int, last_review: int) -> None:
    """Say that an adjudicator took a decision back.

    Args:
        tx: A write transaction.
        line: Id of the line that takes it back, as `save_decision` gave it.
        reopened: Id of the decision that was in force.
        last_review: Id of the newest review, 0 if there is none.
    """
    tx.execute(insert(tables.reopenings).values(decision=line, reopened=reopened, last_review=last_review))


def list_line_ids(tx: Transaction, split: str) -> frozenset[int]:
    """Ids of the lines by which adjudicators took decisions back."""
    rows, lines = tables.reopenings, tables.decisions
    query = select(rows.c.decision).join(lines, lines.c.id == rows.c.decision)
    return frozenset(tx.execute(query.where(lines.c.split == split_id(tx, split))).scalars())


def list_reopenings(tx: Transaction, split: str, *, item: int | None = None) -> tuple[Reopening, ...]:
    """What adjudicators took back on a split, or on one item of it, oldest first."""
    rows, lines = tables.reopenings, tables.decisions
    query = (
        select(rows).join(lines, lines.c.id == rows.c.decision).where(lines.c.split == split_id(tx, split))
    ).order_by(rows.c.decision)
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
            last_review=row.last_review,
        )
        for row in found
    )


def load_overruled(tx: Transaction, split: str, item: int) -> int | None:
    """Id of the newest review when it was last taken back that an item is problematic; None if it never was."""
    rows, lines = tables.reopenings, tables.decisions
    query = (
        select(func.max(rows.c.last_review))
        .join(lines, lines.c.id == rows.c.decision)
        .where(lines.c.split == split_id(tx, split), lines.c.item == item, lines.c.class_id.is_(None))
    )
    newest: int | None = tx.execute(query).scalar_one()
    return newest


def list_pending_items(tx: Transaction, split: str) -> tuple[int, ...]:
    """Items of which it was taken back that they are problematic, and not said again what they are; ascending."""
    rows, lines, later = tables.reopenings, tables.decisions, tables.decisions.alias("later")
    decided_since = (
        select(later.c.id)
        .where(
            later.c.split == lines.c.split,
            later.c.item == lines.c.item,
            later.c.class_id.is_(None),
            later.c["pass"] == Pass.VERDICT,
            later.c.id > lines.c.id,
        )
        .exists()
    )
    query = (
        select(lines.c.item)
        .join(rows, rows.c.decision == lines.c.id)
        .where(lines.c.split == split_id(tx, split), lines.c.class_id.is_(None), ~decided_since)
    )
    return tuple(tx.execute(query.order_by(lines.c.item)).scalars())
