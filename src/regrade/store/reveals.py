"""What reviewers were shown of items that they had answered, so that what they say afterwards can be marked."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select

from regrade.records.discussion import Reveal, Shown
from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.names import split_id, user_id
from regrade.store.store import Transaction

_IS_REVEALED = (
    select(tables.reveals.c.id)
    .where(
        tables.reveals.c.reviewer == bindparam("of_reviewer"),
        tables.reveals.c.split == bindparam("of_split"),
        tables.reveals.c.item == bindparam("of_item"),
        tables.reveals.c["pass"] == bindparam("in_pass"),
    )
    .limit(1)
)
"""Made once: every answer asks it."""


def save_reveal(tx: Transaction, reveal: Reveal) -> None:
    """Note that a reviewer was shown something; what was noted before is noted once.

    Raises:
        NotFoundError: No such user or split.
    """
    rows = tables.reveals
    key = {
        "reviewer": user_id(tx, reveal.reviewer),
        "split": split_id(tx, reveal.split),
        "item": reveal.item,
        "pass": reveal.pass_,
        "shown": reveal.shown,
    }
    known = select(rows.c.id).where(*(rows.c[name] == value for name, value in key.items()))
    if tx.execute(known).one_or_none() is None:
        tx.execute(insert(rows).values(key | {"at": reveal.at}))


def is_revealed(tx: Transaction, reviewer: str, split: str, item: int, pass_: Pass) -> bool:
    """Whether a reviewer has been shown anything of this pass of an item."""
    of = {"of_reviewer": user_id(tx, reviewer), "of_split": split_id(tx, split), "of_item": item, "in_pass": pass_}
    return tx.execute(_IS_REVEALED, of).one_or_none() is not None


def list_reveals(tx: Transaction, split: str, item: int) -> tuple[Reveal, ...]:
    """Who was shown what of an item, in the order of time."""
    rows, people = tables.reveals, tables.users
    query = (
        select(rows, people.c.name.label("reviewer_name"))
        .join(people, people.c.id == rows.c.reviewer)
        .where(rows.c.split == split_id(tx, split), rows.c.item == item)
        .order_by(rows.c.id)
    )
    return tuple(
        Reveal(row.reviewer_name, split, row.item, Pass(row._mapping["pass"]), Shown(row.shown), row.at)
        for row in tx.execute(query)
    )
