"""Idempotency: the same key with the same body gives the same receipt and changes nothing again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regrade.errors import InputError
from regrade.store import Transaction, idempotency


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a change: given only after the commit."""

    submission: str
    """Names what was saved."""
    saved_at: datetime
    """UTC."""


def run_once(tx: Transaction, *, key: str, user: str, body: object, at: datetime, act: Callable[[], None]) -> Receipt:
    """Run `act` unless this key has been answered; its record is part of the same transaction.

    Args:
        tx: The write transaction that `act` works in.
        key: Made by the client, at most 100 characters.
        user: Whose key it is.
        body: What was asked; anything that JSON (or `str`) can say.
        at: Time of the change.
        act: What to do.

    Raises:
        ConflictError: The key was used with another body.
        InputError: The key is empty or too long.
    """
    if not 1 <= len(key) <= 100 or not key.isprintable():
        raise InputError("an idempotency key of 1 to 100 printable characters", got=f"{len(key)} characters")
    text = json.dumps(body, sort_keys=True, default=str)
    digest = hashlib.sha256(text.encode()).hexdigest()
    stored = idempotency.load_answer(tx, key, user, digest)
    if stored is not None:
        return Receipt(key, datetime.fromisoformat(stored))
    act()
    idempotency.save_answer(tx, key, user, digest, at.isoformat(), at)
    return Receipt(key, at)
