"""Tokens by which programs ask in a user's name: kept under their digests, never themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select

from regrade.errors import ConflictError, NotFoundError
from regrade.records.users import ApiToken
from regrade.store import tables
from regrade.store.names import user_id
from regrade.store.store import Transaction


def save_token(tx: Transaction, token_digest: str, user: str, label: str, at: datetime) -> None:
    """Add a token.

    Args:
        tx: A write transaction.
        token_digest: SHA-256 of the token, hex.
        user: Whose token.
        label: What the user calls it.
        at: Now.

    Raises:
        ConflictError: The user has a token of that label.
        NotFoundError: There is no such user.
    """
    rows, owner = tables.tokens, user_id(tx, user)
    if tx.execute(select(rows.c.label).where(rows.c.user == owner, rows.c.label == label)).first() is not None:
        raise ConflictError(f"{user} has a token {label} already.", remedy="Choose another name, or revoke that one.")
    tx.execute(insert(rows).values(digest=token_digest, user=owner, label=label, created_at=at))


def load_token_user(tx: Transaction, token_digest: str) -> str | None:
    """The name of the user whose token this is; None if it never was one or has been revoked."""
    rows, people = tables.tokens, tables.users
    return tx.execute(
        select(people.c.name).join(rows, rows.c.user == people.c.id).where(rows.c.digest == token_digest)
    ).scalar_one_or_none()


def list_tokens(tx: Transaction, user: str) -> tuple[ApiToken, ...]:
    """A user's tokens by label.

    Raises:
        NotFoundError: There is no such user.
    """
    rows = tables.tokens
    query = select(rows.c.label, rows.c.created_at).where(rows.c.user == user_id(tx, user)).order_by(rows.c.label)
    return tuple(ApiToken(row.label, row.created_at) for row in tx.execute(query))


def delete_token(tx: Transaction, user: str, label: str) -> None:
    """End one token of a user's.

    Raises:
        NotFoundError: There is no such user, or no such token; the message lists those there are.
    """
    rows = tables.tokens
    gone = tx.execute(delete(rows).where(rows.c.user == user_id(tx, user), rows.c.label == label))
    if not gone.rowcount:
        labels = ", ".join(token.label for token in list_tokens(tx, user))
        raise NotFoundError(f"{user} has no token {label}.", remedy=f"There are: {labels or 'none'}.")


def delete_user_tokens(tx: Transaction, user: str) -> None:
    """End all tokens of a user.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(delete(tables.tokens).where(tables.tokens.c.user == user_id(tx, user)))
