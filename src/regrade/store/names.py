"""From the names that others use to the ids of rows, and what to say where a name stands for nothing."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, String, bindparam, cast, literal, select

from regrade.errors import NotFoundError
from regrade.store import tables
from regrade.store.once import once
from regrade.store.store import Transaction

_MAX_DIGITS = 9
"""Of a version's number."""

_USER = select(tables.users.c.id).where(tables.users.c.key == bindparam("user_key"))
_SPLIT = select(tables.splits.c.id).where(tables.splits.c.name == bindparam("split_name"))
_LABEL_SET = select(tables.label_sets.c.id).where(
    tables.label_sets.c.name == bindparam("label_name"), tables.label_sets.c.version == bindparam("label_version")
)
"""Made once: most of what is asked begins with them."""


class Ref(NamedTuple):
    """`NAME@N` in its two parts."""

    name: str
    version: int


def user_key(name: str) -> str:
    """What two spellings of one user's name have in common: NFKC, no difference between capitals and small letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def read_ref(text: str) -> Ref | None:
    """`NAME@N` in its two parts; None if it is none (a number that no database can hold is no version)."""
    name, sign, version = text.rpartition("@")
    is_ref = sign and version.isascii() and version.isdigit() and len(version) <= _MAX_DIGITS
    return Ref(name, int(version)) if is_ref else None


def ref_of(label_sets: FromClause) -> ColumnElement[str]:
    """The expression for `NAME@N` of a label set's row."""
    return label_sets.c.name + literal("@") + cast(label_sets.c.version, String)


def user_id(tx: Transaction, name: str) -> int:
    """The row of a user, however the name is spelled.

    Raises:
        NotFoundError: There is no such user.
    """
    return once(tx, "user", name, lambda: _find_user(tx, name))


def _find_user(tx: Transaction, name: str) -> int:
    found = tx.execute(_USER, {"user_key": user_key(name)}).scalar_one_or_none()
    if found is None:
        raise NotFoundError(f"There is no user {name}.", remedy="Add one with `regrade users add`.")
    return int(found)


def split_id(tx: Transaction, name: str) -> int:
    """The row of a split.

    Raises:
        NotFoundError: There is no such split; the message lists those there are.
    """
    return once(tx, "split", name, lambda: _find_split(tx, name))


def _find_split(tx: Transaction, name: str) -> int:
    found = tx.execute(_SPLIT, {"split_name": name}).scalar_one_or_none()
    if found is None:
        names = tx.execute(select(tables.splits.c.name).order_by(tables.splits.c.id)).scalars()
        raise NotFoundError(f"There is no split {name}.", remedy=f"There are: {', '.join(names) or 'none yet'}.")
    return int(found)


def label_set_id(tx: Transaction, ref: str) -> int:
    """The row of a label set version.

    Raises:
        NotFoundError: There is no such version; the message lists those there are.
    """
    return once(tx, "label set", ref, lambda: _find_label_set(tx, ref))


def _find_label_set(tx: Transaction, ref: str) -> int:
    parts = read_ref(ref)
    found = None
    if parts is not None:
        values = {"label_name": parts.name, "label_version": parts.version}
        found = tx.execute(_LABEL_SET, values).scalar_one_or_none()
    if found is None:
        raise unknown_label_set(tx, ref)
    return int(found)


def unknown_label_set(tx: Transaction, ref: str) -> NotFoundError:
    """What to say where a label set is not there."""
    rows = tables.label_sets
    refs = ", ".join(tx.execute(select(ref_of(rows)).order_by(rows.c.name, rows.c.version)).scalars())
    there_are = (
        f"There are: {refs}." if refs else "There is none yet: import one with `regrade labels import NAME FILE`."
    )
    return NotFoundError(f"There is no label set {ref}.", remedy=there_are)
