"""Protocols: how the panel works, one version a row. The newest is in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import DecisionMethod, Pass, Protocol, ProtocolVersion, Purpose
from regrade.store import tables
from regrade.store.names import split_id
from regrade.store.once import forget, once
from regrade.store.store import Transaction

_NEWEST = select(tables.protocols).order_by(tables.protocols.c.number.desc()).limit(1)
_FIRST_REVIEW = (
    update(tables.protocols)
    .where(tables.protocols.c.number == bindparam("of_number"), tables.protocols.c.first_review_at.is_(None))
    .values(first_review_at=bindparam("at"))
)
"""Made once: every page asks the one, and every answer the other."""
_THE_NEWEST = ("protocol", "newest")


def save_protocol(tx: Transaction, content: Protocol, *, author: str, reason: str, at: datetime) -> ProtocolVersion:
    """Append the next version."""
    newest = load_newest(tx)
    number = newest.number + 1 if newest else 1
    tx.execute(
        insert(tables.protocols).values(
            number=number, content=asdict(content), author=author, reason=reason, created_at=at
        )
    )
    forget(tx, *_THE_NEWEST)
    return ProtocolVersion(number, content, author, reason, at)


def save_content(
    tx: Transaction, number: int, content: Protocol, *, author: str, reason: str, at: datetime
) -> ProtocolVersion:
    """Write a version anew, in place: only while nobody has answered under it.

    Raises:
        ConflictError: Somebody has answered under it.
        NotFoundError: There is no such version.
    """
    rows = tables.protocols
    done = tx.execute(
        update(rows)
        .where(rows.c.number == number, rows.c.first_review_at.is_(None))
        .values(content=asdict(content), author=author, reason=reason, created_at=at)
    )
    if done.rowcount == 0:
        load_protocol(tx, number)
        raise ConflictError(
            f"Protocol {number} has answers: it stays as it is.", remedy="Make a new version of the protocol."
        )
    forget(tx, *_THE_NEWEST)
    return ProtocolVersion(number, content, author, reason, at)


def save_first_review(tx: Transaction, number: int, at: datetime) -> None:
    """Say that somebody has answered under a version; only the first time counts."""
    newest = load_newest(tx)
    if newest is None or newest.number != number or newest.first_review_at is None:
        tx.execute(_FIRST_REVIEW, {"of_number": number, "at": at})
        forget(tx, *_THE_NEWEST)


def load_newest(tx: Transaction) -> ProtocolVersion | None:
    """The version in force; None in a workspace that has none yet."""

    def find() -> ProtocolVersion | None:
        row = tx.execute(_NEWEST).one_or_none()
        return None if row is None else _as_version(row)

    return once(tx, *_THE_NEWEST, find)


def load_protocol(tx: Transaction, number: int) -> ProtocolVersion:
    """A version by its number.

    Raises:
        NotFoundError: There is none.
    """
    row = tx.execute(select(tables.protocols).where(tables.protocols.c.number == number)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no protocol {number}.", remedy="`regrade protocol list` lists those there are.")
    return _as_version(row)


def list_protocols(tx: Transaction) -> tuple[ProtocolVersion, ...]:
    """All versions, oldest first."""
    return tuple(map(_as_version, tx.execute(select(tables.protocols).order_by(tables.protocols.c.number))))


def has_screens(tx: Transaction, number: int) -> bool:
    """Whether anybody was dealt a screen under a version."""
    rows = tables.screens
    return tx.execute(select(rows.c.id).where(rows.c.protocol == number).limit(1)).one_or_none() is not None


def has_adjudication(tx: Transaction, since: datetime) -> bool:
    """Whether an adjudicator has decided or voted here since a time."""
    decisions, votes = tables.decisions, tables.votes
    by_hand = decisions.c.method == DecisionMethod.ADJUDICATION
    queries = (
        select(decisions.c.id).where(by_hand, decisions.c.created_at >= since),
        select(votes.c.id).where(votes.c.created_at >= since),
    )
    return any(tx.execute(query.limit(1)).one_or_none() is not None for query in queries)


def list_numbers_used(tx: Transaction, split: str, items: Collection[int]) -> tuple[int, ...]:
    """Numbers of the versions under which the first pass of these items was answered, ascending."""
    rows = tables.screens
    query = (
        select(rows.c.item, rows.c.protocol)
        .distinct()
        .where(
            rows.c.split == split_id(tx, split),
            rows.c["pass"] == Pass.VERDICT,
            rows.c.status == tables.ScreenStatus.ANSWERED,
            rows.c.purpose == Purpose.PANEL,
            rows.c.protocol.is_not(None),
        )
    )
    return tuple(sorted({number for item, number in tx.execute(query) if item in items}))


def _as_version(row: Row[Any]) -> ProtocolVersion:
    return ProtocolVersion(
        number=row.number,
        content=Protocol(**row.content),
        author=row.author,
        reason=row.reason,
        created_at=row.created_at,
        first_review_at=row.first_review_at,
    )
