"""Answers under the keys of the requests that they answered, so that a repeated request changes nothing again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from regrade.errors import ConflictError
from regrade.store import tables
from regrade.store.store import Transaction

_ANSWER = select(tables.idempotency).where(tables.idempotency.c.key == bindparam("of_key"))
"""Made once: every change asks it."""


def load_answer(tx: Transaction, key: str, user: str, body_digest: str) -> str | None:
    """The answer that this request was given before; None if it is new.

    Args:
        tx: The write transaction in which the request is carried out.
        key: The request's key, made by the client.
        user: Who sends it.
        body_digest: SHA-256 of what it asks, hex.

    Raises:
        ConflictError: Somebody used this key for something else.
    """
    row = tx.execute(_ANSWER, {"of_key": key}).one_or_none()
    if row is None:
        return None
    if (row.user, row.body_digest) != (user, body_digest):
        raise ConflictError("This request's key was used for another request.", remedy="Reload the page and try again.")
    return str(row.answer)


def save_answer(  # noqa: PLR0917 - the columns in their order
    tx: Transaction, key: str, user: str, body_digest: str, answer: str, at: datetime
) -> None:
    """Keep the answer to a request, in the transaction that carries it out."""
    row = {"key": key, "user": user, "body_digest": body_digest, "answer": answer, "created_at": at}
    tx.execute(insert(tables.idempotency), row)
