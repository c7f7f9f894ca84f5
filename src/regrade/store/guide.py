"""The panel's words on classes: appended, never changed; the newest of a class is in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select

from regrade.records.guide import GuideText
from regrade.store import tables
from regrade.store.names import user_id
from regrade.store.store import Transaction


def save_guide_text(tx: Transaction, *, class_id: int, number: int, text: str, author: str, at: datetime) -> GuideText:
    """Append a version; two that claim the same number are refused by the database.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(
        insert(tables.guide_texts).values(
            class_id=class_id, number=number, text=text, author=user_id(tx, author), created_at=at
        )
    )
    return GuideText(class_id, number, text, author, at)


def list_guide_texts(tx: Transaction, class_id: int) -> tuple[GuideText, ...]:
    """All versions of one class, oldest first."""
    rows = tables.guide_texts
    query = _select_texts().where(rows.c.class_id == class_id).order_by(rows.c.number)
    return tuple(map(_as_text, tx.execute(query)))


def load_guide_texts(tx: Transaction, class_ids: Collection[int]) -> dict[int, GuideText]:
    """The version in force of each of the classes that has one."""
    found = tx.execute(_select_in_force(), {"of_classes": list(class_ids)})
    return {row.class_id: _as_text(row) for row in found}


def list_guide_classes(tx: Transaction) -> tuple[int, ...]:
    """The classes whose text in force says something, the last change first."""
    rows = tables.guide_texts
    newest = select(func.max(rows.c.id)).group_by(rows.c.class_id)
    query = select(rows.c.class_id).where(rows.c.id.in_(newest), rows.c.text != "").order_by(rows.c.id.desc())
    return tuple(tx.execute(query).scalars())


@cache
def _select_in_force() -> Select[Any]:
    """Made once: every screen asks it."""
    rows = tables.guide_texts
    wanted = rows.c.class_id.in_(bindparam("of_classes", expanding=True))
    newest = select(func.max(rows.c.id)).where(wanted).group_by(rows.c.class_id)
    return _select_texts().where(rows.c.id.in_(newest))


def _select_texts() -> Select[Any]:
    rows, people = tables.guide_texts, tables.users
    return select(rows, people.c.name.label("author_name")).join(people, people.c.id == rows.c.author)


def _as_text(row: Row[Any]) -> GuideText:
    return GuideText(row.class_id, row.number, row.text, row.author_name, row.created_at)
