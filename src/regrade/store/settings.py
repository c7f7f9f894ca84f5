"""Small settings that live in the database: one text a name."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from regrade.store import tables
from regrade.store.store import Transaction


def save_setting(tx: Transaction, name: str, value: str) -> None:
    """Set a value in place of the one before."""
    rows = tables.settings
    tx.execute(delete(rows).where(rows.c.name == name))
    tx.execute(insert(rows).values(name=name, value=value))


def load_setting(tx: Transaction, name: str) -> str | None:
    """The value; None where none was set."""
    rows = tables.settings
    return tx.execute(select(rows.c.value).where(rows.c.name == name)).scalar_one_or_none()
