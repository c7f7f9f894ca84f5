"""Small settings that live in the database: one text a name."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select

from regrade.store import tables
from regrade.store.once import forget, once
from regrade.store.store import Transaction

_VALUE = select(tables.settings.c.value).where(tables.settings.c.name == bindparam("setting"))
"""Made once: every page asks it."""


def save_setting(tx: Transaction, name: str, value: str) -> None:
    """Set a value in place of the one before."""
    rows = tables.settings
    tx.execute(delete(rows).where(rows.c.name == name))
    tx.execute(insert(rows).values(name=name, value=value))
    forget(tx, "setting", name)


def load_setting(tx: Transaction, name: str) -> str | None:
    """The value; None where none was set."""

    def find() -> str | None:
        value: str | None = tx.execute(_VALUE, {"setting": name}).scalar_one_or_none()
        return value

    return once(tx, "setting", name, find)
