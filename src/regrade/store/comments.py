"""Comments under items: appended, never changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, insert, select

from regrade.records.discussion import Comment
from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.names import split_id, user_id
from regrade.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Thread:
    """What is said about one pass of one item, in figures."""

    item: int
    pass_: Pass
    n_comments: int
    last_at: datetime


def save_comment(
    tx: Transaction, *, split: str, item: int, pass_: Pass, author: str, text: str, at: datetime
) -> Comment:
    """Append a comment.

    Raises:
        NotFoundError: No such split or user.
    """
    made = tx.execute(
        insert(tables.comments).values(
            split=split_id(tx, split),
            item=item,
            author=user_id(tx, author),
            text=text,
            created_at=at,
            **{"pass": pass_},
        )
    )
    assert made.inserted_primary_key is not None  # noqa: S101 - one row was inserted
    return Comment(made.inserted_primary_key[0], split, item, pass_, author, text, at)


def list_comments(tx: Transaction, split: str, item: int, passes: Collection[Pass]) -> tuple[Comment, ...]:
    """The comments on these passes of an item, oldest first."""
    rows, people = tables.comments, tables.users
    query = (
        select(rows, people.c.name.label("author_name"))
        .join(people, people.c.id == rows.c.author)
        .where(rows.c.split == split_id(tx, split), rows.c.item == item, rows.c["pass"].in_(passes))
        .order_by(rows.c.id)
    )
    return tuple(_as_comment(row, split) for row in tx.execute(query))


def list_threads(tx: Transaction, split: str, *, author: str | None = None) -> tuple[Thread, ...]:
    """Every pass of every item that somebody has commented on, by item; None: whoever it was."""
    rows = tables.comments
    keys = (rows.c.item, rows.c["pass"])
    query = (
        select(*keys, func.count(), func.max(rows.c.created_at))
        .where(rows.c.split == split_id(tx, split))
        .group_by(*keys)
        .order_by(*keys)
    )
    if author is not None:
        query = query.where(rows.c.author == user_id(tx, author))
    return tuple(Thread(item, Pass(pass_), n_comments, at) for item, pass_, n_comments, at in tx.execute(query))


def _as_comment(row: Row[Any], split: str) -> Comment:
    return Comment(row.id, split, row.item, Pass(row._mapping["pass"]), row.author_name, row.text, row.created_at)
