"""Screens: what was dealt to whom. A screen claims for its reviewer a place at each of the cases on it.

A claim is made with the screen, kept when it is answered, and released when it is skipped or taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, Update, bindparam, func, insert, select, update

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Pass, Purpose, Screen
from regrade.store import claims, tables
from regrade.store.claims import Claim
from regrade.store.names import label_set_id, ref_of, split_id, user_id
from regrade.store.store import Transaction
from regrade.store.tables import ScreenStatus


class SkippedItem(NamedTuple):
    """An item that a reviewer put off."""

    split: str
    item: int


def save_screens(tx: Transaction, screens: Sequence[Screen]) -> None:
    """Deal screens: each claims the cases among its classes for its reviewer; classes that ride along need no claim.

    Only a screen of the panel claims: gold takes nobody's place.

    Raises:
        NotFoundError: No such user, split or label set.
    """
    for screen in screens:
        reviewer, split = user_id(tx, screen.reviewer), split_id(tx, screen.split)
        _forget_skip(tx, screen, reviewer, split)
        made = tx.execute(insert(tables.screens), as_values(tx, screen) | {"status": ScreenStatus.DEALT})
        assert made.inserted_primary_key is not None  # noqa: S101 - one row was inserted
        if screen.purpose is Purpose.PANEL:
            number = made.inserted_primary_key[0]
            claims.save_claims(tx, [Claim(row, reviewer, number) for row in claims.list_cases(tx, screen, split)])


def save_claims(tx: Transaction, screen: Screen, question_ids: Iterable[int]) -> None:
    """Let a screen's reviewer claim further questions: those that the answer to it has raised."""
    row = _load_row(tx, screen.id)
    claims.save_claims(tx, [Claim(question, row.reviewer, row.number) for question in question_ids])


def load_screen(tx: Transaction, screen_id: str) -> Screen:
    """A screen by its id.

    Raises:
        NotFoundError: There is none.
    """
    return _as_screen(_load_row(tx, screen_id))


def list_open_screens(tx: Transaction, reviewer: str, pass_: Pass) -> tuple[Screen, ...]:
    """A reviewer's unanswered screens of one pass in the order in which they were dealt, parts in order."""
    return tuple(map(_as_screen, tx.execute(_select_open(), _of(tx, reviewer, pass_))))


def list_answered_screens(
    tx: Transaction, reviewer: str, split: str, *, item: int | None = None, gold: bool = False, limit: int | None = None
) -> tuple[Screen, ...]:
    """The screens that a reviewer has answered in either pass, the last one first; gold only where it is asked for."""
    rows = tables.screens
    query = _select_screens().where(
        rows.c.reviewer == user_id(tx, reviewer),
        rows.c.split == split_id(tx, split),
        rows.c.status == ScreenStatus.ANSWERED,
        *(() if gold else (rows.c.purpose == Purpose.PANEL,)),
    )
    if item is not None:
        query = query.where(rows.c.item == item)
    query = query.order_by(rows.c.ended_at.desc(), rows.c.number.desc()).limit(limit)
    return tuple(map(_as_screen, tx.execute(query)))


def list_protocols(tx: Transaction, reviewer: str, split: str, item: int) -> tuple[int, ...]:
    """Numbers of the protocols under which a reviewer was dealt screens of an item, whatever became of them."""
    rows = tables.screens
    query = select(rows.c.protocol).where(
        rows.c.reviewer == user_id(tx, reviewer),
        rows.c.split == split_id(tx, split),
        rows.c.item == item,
        rows.c.protocol.is_not(None),
    )
    return tuple(sorted(set(tx.execute(query).scalars())))


def load_last_answered(tx: Transaction, reviewer: str, pass_: Pass) -> Screen | None:
    """The screen that a reviewer answered last in one pass; None before the first answer."""
    rows = tables.screens
    query = _select_of(ScreenStatus.ANSWERED)
    newest = query.order_by(rows.c.ended_at.desc(), rows.c.number.desc()).limit(1)
    row = tx.execute(newest, _of(tx, reviewer, pass_)).one_or_none()
    return None if row is None else _as_screen(row)


def list_answered(tx: Transaction, split: str) -> tuple[Screen, ...]:
    """All answered screens of a split, in the order in which they were dealt."""
    rows = tables.screens
    query = _select_screens().where(rows.c.split == split_id(tx, split), rows.c.status == ScreenStatus.ANSWERED)
    return tuple(map(_as_screen, tx.execute(query.order_by(rows.c.number))))


def count_answered_items(tx: Transaction, reviewer: str, split: str, pass_: Pass) -> int:
    """How many items a reviewer has answered in one pass: no screen of theirs waits, dealt or skipped."""
    values = {**_of(tx, reviewer, pass_), "in_split": split_id(tx, split)}
    n_items: int = tx.execute(_count_answered_items(), values).scalar_one()
    return n_items


def list_skipped_items(tx: Transaction, reviewer: str, pass_: Pass) -> tuple[SkippedItem, ...]:
    """Items that a reviewer has skipped and not been dealt again, the longest ago first."""
    rows, splits = tables.screens, tables.splits
    query = (
        select(splits.c.name, rows.c.item)
        .join(splits, splits.c.id == rows.c.split)
        .where(rows.c.reviewer == user_id(tx, reviewer), rows.c["pass"] == pass_, rows.c.status == ScreenStatus.SKIPPED)
        .group_by(splits.c.name, rows.c.item)
        .order_by(func.max(rows.c.ended_at), func.max(rows.c.number))
    )
    return tuple(SkippedItem(*row) for row in tx.execute(query))


def save_answered(
    tx: Transaction,
    screen_id: str,
    submission: str,
    at: datetime,
    *,
    protocol: int | None,
    seconds: float | None = None,
) -> None:
    """Mark a screen as answered under a protocol, with the time that the reviewer spent on it; its claims stay.

    Raises:
        ConflictError: It is answered, skipped or taken back already.
        NotFoundError: There is none.
    """
    _end(tx, screen_id, ScreenStatus.ANSWERED, at, submission=submission, protocol=protocol, seconds=seconds)


def save_reopened(tx: Transaction, screen_id: str) -> None:
    """Open an answered screen again, and the parts of its item that its answer had made needless.

    The claims on what the answer had raised are released: its reviewer may not say it again.

    Raises:
        ConflictError: It is not answered.
        NotFoundError: There is none.
    """
    rows = tables.screens
    row = _load_row(tx, screen_id)
    if row.status != ScreenStatus.ANSWERED:
        raise ConflictError("This screen has no answer to undo.", remedy="Reload the page.")
    claims.release_raised(tx, row.number, row.classes)
    tx.execute(
        update(rows)
        .where((rows.c.number == row.number) | (rows.c.withdrawn_by == row.submission))
        .values(status=ScreenStatus.DEALT, ended_at=None, submission=None, withdrawn_by=None, seconds=None)
    )


def save_skipped(tx: Transaction, screen_id: str, at: datetime) -> None:
    """Put an item off: all its unanswered parts are skipped, and others may take the reviewer's place at it.

    Raises:
        ConflictError: The screen is answered, skipped or taken back already.
        NotFoundError: There is none.
    """
    _end(tx, screen_id, ScreenStatus.SKIPPED, at)
    row = _load_row(tx, screen_id)
    parts = _open_parts(tx, row)
    for number in parts:
        _update_screen(tx, number, status=ScreenStatus.SKIPPED, ended_at=at)
    claims.release_claims(tx, [row.number, *parts])


def save_withdrawn(tx: Transaction, screen_id: str) -> None:
    """Take back an unanswered screen whose cases were all decided meanwhile; its claims are released.

    Raises:
        ConflictError: It is answered, skipped or taken back already.
        NotFoundError: There is none.
    """
    _end(tx, screen_id, ScreenStatus.WITHDRAWN, None)
    claims.release_claims(tx, [_load_row(tx, screen_id).number])


def save_item_withdrawn(tx: Transaction, screen: Screen) -> None:
    """Take back the other parts of an item that was called problematic on this one.

    Their claims stay, since the reviewer has answered for all of the item. `save_reopened` brings them back.

    Args:
        tx: A write transaction.
        screen: The part that was answered.
    """
    row = _load_row(tx, screen.id)
    for number in _open_parts(tx, row):
        _update_screen(tx, number, status=ScreenStatus.WITHDRAWN, ended_at=row.ended_at, withdrawn_by=row.submission)


def save_taken_back(tx: Transaction, submission: str, at: datetime) -> None:
    """Take back the screen that a submission answered, for an answer that was undone elsewhere; none is no matter.

    Its claims are released: its reviewer may be asked again.
    """
    rows = tables.screens
    found = tx.execute(select(rows.c.number).where(rows.c.submission == submission)).scalar_one_or_none()
    if found is not None:
        _update_screen(tx, found, status=ScreenStatus.WITHDRAWN, ended_at=at, submission=None)
        claims.release_claims(tx, [found])


def _end(tx: Transaction, screen_id: str, status: ScreenStatus, at: datetime | None, **answered: object) -> None:
    values = {"status": status, "ended_at": at, **answered}
    done = tx.execute(_update_dealt(), {"of_id": screen_id, **values})
    if done.rowcount == 0:
        found = _load_row(tx, screen_id)
        raise ConflictError(f"This screen is {found.status} already.", remedy="Reload the page for the next one.")


def _update_screen(tx: Transaction, number: int, **values: object) -> None:
    tx.execute(update(tables.screens).where(tables.screens.c.number == number).values(values))


def _open_parts(tx: Transaction, row: Row[Any]) -> list[int]:
    """Numbers of the unanswered screens of one reviewer on the item of a screen."""
    rows = tables.screens
    query = select(rows.c.number).where(
        rows.c.reviewer == row.reviewer,
        rows.c.split == row.split,
        rows.c.item == row.item,
        rows.c["pass"] == row._mapping["pass"],
        rows.c.status == ScreenStatus.DEALT,
    )
    return list(tx.execute(query).scalars())


def _forget_skip(tx: Transaction, screen: Screen, reviewer: int, split: int) -> None:
    """An item that is dealt again is skipped no more."""
    of = {"of_reviewer": reviewer, "of_split": split, "of_item": screen.item, "in_pass": screen.pass_}
    tx.execute(_forget_skips(), of)


def as_values(tx: Transaction, screen: Screen) -> dict[str, Any]:
    """What a screen's row holds, whatever became of it; the names as ids.

    Raises:
        NotFoundError: No such user, split or label set.
    """
    return {
        "id": screen.id,
        "reviewer": user_id(tx, screen.reviewer),
        "split": split_id(tx, screen.split),
        "item": screen.item,
        "pass": screen.pass_,
        "classes": list(screen.classes),
        "part": screen.part,
        "n_parts": screen.n_parts,
        "label_set": label_set_id(tx, screen.labels),
        "created_at": screen.created_at,
        "purpose": screen.purpose,
        "protocol": screen.protocol,
    }


@cache
def _select_screens() -> Select[Any]:
    """Made once: building it takes longer than running it."""
    rows, people, splits, label_sets = tables.screens, tables.users, tables.splits, tables.label_sets
    return (
        select(
            rows,
            people.c.name.label("reviewer_name"),
            splits.c.name.label("split_name"),
            ref_of(label_sets).label("labels"),
        )
        .join(people, people.c.id == rows.c.reviewer)
        .join(splits, splits.c.id == rows.c.split)
        .join(label_sets, label_sets.c.id == rows.c.label_set)
    )


def _of(tx: Transaction, reviewer: str, pass_: Pass) -> dict[str, Any]:
    """The values of `_is_of`."""
    return {"of_reviewer": user_id(tx, reviewer), "in_pass": pass_}


def _is_of(status: ScreenStatus) -> tuple[ColumnElement[bool], ...]:
    rows = tables.screens
    return (
        rows.c.reviewer == bindparam("of_reviewer"),
        rows.c["pass"] == bindparam("in_pass"),
        rows.c.status == status,
    )


def _select_of(status: ScreenStatus) -> Select[Any]:
    return _select_screens().where(*_is_of(status))


@cache
def _select_open() -> Select[Any]:
    """Made once, as the next: every screen asks both."""
    return _select_of(ScreenStatus.DEALT).order_by(tables.screens.c.number)


@cache
def _count_answered_items() -> Select[Any]:
    rows = tables.screens
    in_split = rows.c.split == bindparam("in_split")
    waiting = (
        select(rows.c.item).where(*_is_of(status), in_split) for status in (ScreenStatus.DEALT, ScreenStatus.SKIPPED)
    )
    answered = select(rows.c.item).where(*_is_of(ScreenStatus.ANSWERED), in_split)
    return select(func.count()).select_from(answered.except_(*waiting).subquery())


@cache
def _update_dealt() -> Update:
    """Made once, as the next: every answer asks both. It sets the columns for which it is given values."""
    rows = tables.screens
    return update(rows).where(rows.c.id == bindparam("of_id"), rows.c.status == ScreenStatus.DEALT)


@cache
def _select_screen() -> Select[Any]:
    return _select_screens().where(tables.screens.c.id == bindparam("of_id"))


@cache
def _forget_skips() -> Update:
    """Made once: every screen that is dealt asks it."""
    rows = tables.screens
    is_skip = (
        *_is_of(ScreenStatus.SKIPPED),
        rows.c.split == bindparam("of_split"),
        rows.c.item == bindparam("of_item"),
    )
    return update(rows).where(*is_skip).values(status=ScreenStatus.WITHDRAWN)


def _load_row(tx: Transaction, screen_id: str) -> Row[Any]:
    row = tx.execute(_select_screen(), {"of_id": screen_id}).one_or_none()
    if row is None:
        raise NotFoundError("There is no such screen.", remedy="Reload the page to get your current one.")
    return row


def _as_screen(row: Row[Any]) -> Screen:
    return Screen(
        id=row.id,
        reviewer=row.reviewer_name,
        split=row.split_name,
        item=row.item,
        pass_=Pass(row._mapping["pass"]),
        classes=tuple(row.classes),
        part=row.part,
        n_parts=row.n_parts,
        labels=row.labels,
        created_at=row.created_at,
        answered_at=row.ended_at if row.status == ScreenStatus.ANSWERED else None,
        submission=row.submission,
        purpose=Purpose(row.purpose),
        protocol=row.protocol,
        seconds=row.seconds,
    )
