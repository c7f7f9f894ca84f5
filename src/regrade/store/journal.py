"""The journal: who did what, one line after the other, without gaps. The database refuses to change a line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, insert, select

from regrade.records.users import JournalLine
from regrade.store import tables
from regrade.store.store import Transaction

_NEXT = select(func.coalesce(func.max(tables.journal.c.seq), 0) + 1)
"""Made once: every change asks it."""


def save_line(tx: Transaction, *, actor: str, action: str, facts: Mapping[str, object], at: datetime) -> JournalLine:
    """Append a line in the transaction of what it tells; so a line that is undone leaves no gap.

    Args:
        tx: A write transaction.
        actor: Who did it.
        action: What: `review.save`, `labels.publish`, ...
        facts: Anything that JSON can say.
        at: When.
    """
    seq = tx.execute(_NEXT).scalar_one()
    line = {"seq": seq, "at": at, "actor": actor, "action": action, "facts": dict(facts)}
    tx.execute(insert(tables.journal), line)
    return JournalLine(seq, at, actor, action, dict(facts))


def list_lines(
    tx: Transaction, after: int = 0, limit: int | None = None, *, actions: Collection[str] | None = None
) -> tuple[JournalLine, ...]:
    """The lines that follow number `after`, oldest first, at most `limit`; with `actions`, only those of these."""
    rows = tables.journal
    query = select(rows).where(rows.c.seq > after).order_by(rows.c.seq).limit(limit)
    if actions is not None:
        query = query.where(rows.c.action.in_(actions))
    return tuple(JournalLine(row.seq, row.at, row.actor, row.action, row.facts) for row in tx.execute(query))


def load_newest_seq(tx: Transaction) -> int:
    """Number of the newest line, 0 if there is none: it grows with every change, so it tells what is out of date."""
    return int(tx.execute(select(func.coalesce(func.max(tables.journal.c.seq), 0))).scalar_one())
