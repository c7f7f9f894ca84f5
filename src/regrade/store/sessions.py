"""Who has entered: sessions and one-time links under the digests of their tokens, and failed log-ins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Table, bindparam, delete, func, insert, select

from regrade.records.users import User
from regrade.store import tables
from regrade.store.names import user_id, user_key
from regrade.store.store import Transaction
from regrade.store.users import as_user

_ATTEMPTS_KEPT = timedelta(days=1)


class Session(NamedTuple):
    """A session that has not run out."""

    user: User
    """Disabled or not."""
    expires_at: datetime


_LIVE_SESSION = (
    select(tables.users, tables.user_roles.c.role, tables.sessions.c.expires_at)
    .select_from(tables.sessions)
    .join(tables.users, tables.users.c.id == tables.sessions.c.user)
    .outerjoin(tables.user_roles, tables.user_roles.c.user == tables.users.c.id)
    .where(tables.sessions.c.digest == bindparam("token_digest"), tables.sessions.c.expires_at > bindparam("now"))
)
"""Made once: every request asks it."""


def save_session(tx: Transaction, token_digest: str, user: str, at: datetime, expires_at: datetime) -> None:
    """Open a session, and forget those that have run out.

    Args:
        tx: A write transaction.
        token_digest: SHA-256 of the token, hex; the token itself is never stored.
        user: Whose session.
        at: Now.
        expires_at: From when on it is worth nothing.

    Raises:
        NotFoundError: There is no such user.
    """
    _save_entry(tx, tables.sessions, token_digest, user, at=at, expires_at=expires_at)


def load_session(tx: Transaction, token_digest: str, now: datetime) -> Session | None:
    """The session that a token opens; None if there is none or it has run out."""
    rows = tx.execute(_LIVE_SESSION, {"token_digest": token_digest, "now": now}).all()
    if not rows:
        return None
    user = as_user(rows[0], (row.role for row in rows if row.role is not None))
    return Session(user, rows[0].expires_at)


def delete_session(tx: Transaction, token_digest: str) -> None:
    """End a session; one that is not there is no error."""
    tx.execute(delete(tables.sessions).where(tables.sessions.c.digest == token_digest))


def delete_user_sessions(tx: Transaction, user: str) -> None:
    """End all sessions of a user.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(delete(tables.sessions).where(tables.sessions.c.user == user_id(tx, user)))


def save_link(tx: Transaction, digest: str, user: str, at: datetime, expires_at: datetime) -> None:
    """Make a link that lets a user in once, and forget those that have run out.

    Raises:
        NotFoundError: There is no such user.
    """
    _save_entry(tx, tables.links, digest, user, at=at, expires_at=expires_at)


def take_link(tx: Transaction, digest: str, now: datetime) -> str | None:
    """Use a link up: the name of its user, exactly once; None if it was used, has run out, or never was one."""
    rows, people = tables.links, tables.users
    name = tx.execute(
        select(people.c.name)
        .join(rows, rows.c.user == people.c.id)
        .where(rows.c.digest == digest, rows.c.expires_at > now)
    ).scalar_one_or_none()
    tx.execute(delete(rows).where(rows.c.digest == digest))
    return name


def save_attempt(tx: Transaction, account: str, address: str, at: datetime) -> None:
    """Remember a failed log-in, and forget those of more than a day ago."""
    rows = tables.attempts
    tx.execute(delete(rows).where(rows.c.at < at - _ATTEMPTS_KEPT))
    tx.execute(insert(rows).values(account=user_key(account), address=address, at=at))


def count_attempts(tx: Transaction, *, since: datetime, account: str | None = None, address: str | None = None) -> int:
    """Failed log-ins since a time, of an account (however spelled), from an address, or both."""
    rows = tables.attempts
    query = select(func.count()).select_from(rows).where(rows.c.at >= since)
    if account is not None:
        query = query.where(rows.c.account == user_key(account))
    if address is not None:
        query = query.where(rows.c.address == address)
    return tx.execute(query).scalar_one()


def _save_entry(tx: Transaction, rows: Table, digest: str, user: str, *, at: datetime, expires_at: datetime) -> None:
    tx.execute(delete(rows).where(rows.c.expires_at <= at))
    tx.execute(insert(rows).values(digest=digest, user=user_id(tx, user), created_at=at, expires_at=expires_at))
