"""Invitations: links by which a user may choose a password, kept under their digests; at most one a user."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from regrade.records.users import Invitation
from regrade.store import tables
from regrade.store.names import user_id
from regrade.store.store import Transaction


def save_invitation(tx: Transaction, digest: str, user: str, at: datetime, expires_at: datetime) -> None:
    """Make a link; an earlier one of the same user is worth nothing from now on.

    Args:
        tx: A write transaction.
        digest: SHA-256 of the link's secret, hex.
        user: Who may choose a password.
        at: Now.
        expires_at: From when on it is worth nothing.

    Raises:
        NotFoundError: There is no such user.
    """
    rows, owner = tables.invitations, user_id(tx, user)
    tx.execute(delete(rows).where(rows.c.user == owner))
    tx.execute(insert(rows).values(digest=digest, user=owner, created_at=at, expires_at=expires_at))


def load_invitation(tx: Transaction, digest: str, now: datetime) -> Invitation | None:
    """The invitation of a link, which stays; None if it was used, has run out, or never was one."""
    rows, people = tables.invitations, tables.users
    row = tx.execute(
        select(people.c.name, rows.c.expires_at)
        .join(people, people.c.id == rows.c.user)
        .where(rows.c.digest == digest, rows.c.expires_at > now)
    ).one_or_none()
    return None if row is None else Invitation(row.name, row.expires_at)


def take_invitation(tx: Transaction, digest: str, now: datetime) -> str | None:
    """Use a link up: the name of its user, exactly once; None where `load_invitation` gives none."""
    found = load_invitation(tx, digest, now)
    tx.execute(delete(tables.invitations).where(tables.invitations.c.digest == digest))
    return None if found is None else found.user


def delete_user_invitation(tx: Transaction, user: str) -> None:
    """End the link of a user; where there is none, that is no error.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(delete(tables.invitations).where(tables.invitations.c.user == user_id(tx, user)))
