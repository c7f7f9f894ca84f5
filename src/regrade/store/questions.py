"""Questions: what the panel is asked, one (item, class, pass) a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Insert,
    Select,
    Update,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    update,
)

from regrade.records.panel import Origin, Pass, Question, QuestionStatus
from regrade.store import tables
from regrade.store.engine import insert_or_ignore
from regrade.store.names import split_id
from regrade.store.queue import NextItem, count_items_left, find_next_item
from regrade.store.store import Transaction

__all__ = [
    "NextItem",
    "QuestionCount",
    "QuestionPairs",
    "count_items_left",
    "count_questions",
    "find_next_item",
    "find_open_items",
    "list_disputed_items",
    "list_item_questions",
    "list_questions",
    "load_asked_items",
    "load_newest_id",
    "load_pairs",
    "save_held",
    "save_origin",
    "save_places",
    "save_questions",
    "save_status",
]


_IN_SPLIT = tables.questions.c.split + 0 == bindparam("of_split")
"""By an index of splits, which the sum hides, SQLite would look at all rows of the split, not at the newest alone."""
_NEWEST = select(tables.questions.c.id).where(_IN_SPLIT).order_by(tables.questions.c.id.desc()).limit(1)
_ASKED_SINCE = select(tables.questions.c.item).where(tables.questions.c.id > bindparam("after"), _IN_SPLIT)
_CASES_ON = select(tables.questions.c.item, tables.questions.c.status).where(
    tables.questions.c.split == bindparam("of_split"),
    tables.questions.c["pass"] == bindparam("in_pass"),
    tables.questions.c.item.in_(bindparam("of_items", expanding=True)),
    tables.questions.c.origin != Origin.LABEL,
)
"""Made once, all three: every screen asks them."""


@dataclass(frozen=True, eq=False)
class QuestionPairs:
    """The (item, class) pairs of questions as aligned arrays, in the order of (item, class)."""

    items: npt.NDArray[np.int32]
    """(q,) positions in the split."""
    classes: npt.NDArray[np.int32]
    """(q,) class ids."""

    @cached_property
    def distinct_items(self) -> npt.NDArray[np.int32]:
        """Positions that occur, each once, ascending."""
        return np.unique(self.items)


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How many questions of one kind a split has."""

    pass_: Pass
    status: QuestionStatus
    origin: Origin
    n_questions: int
    n_items: int
    """Distinct items among them; the counts of several kinds do not add up."""


def save_questions(
    tx: Transaction,
    split: str,
    items: npt.NDArray[np.integer],
    classes: npt.NDArray[np.integer],
    *,
    pass_: Pass,
    origin: Origin,
    shuffles: npt.NDArray[np.int64],
    at: datetime,
) -> int:
    """Ask about (item, class) pairs; those asked about already stay as they are.

    Args:
        tx: A write transaction.
        split: The split.
        items: (q,) positions.
        classes: (q,) class ids.
        pass_: In which pass.
        origin: Why.
        shuffles: (q,) place of each item in the order of work, the same for all questions of an item.
        at: When.

    Returns:
        How many are new.
    """
    if not len(items):
        return 0
    number = split_id(tx, split)
    rows = [
        {"split_id": number, "at": at, "item": item, "class_id": class_id, "shuffle": place}
        for item, class_id, place in zip(items.tolist(), classes.tolist(), shuffles.tolist(), strict=True)
    ]
    return tx.execute(_insert_questions(tx, pass_, origin), rows).rowcount


def save_status(tx: Transaction, question_ids: Iterable[int], status: QuestionStatus) -> None:
    """Set where questions stand."""
    _update(tx, question_ids, "status", status)


def save_origin(tx: Transaction, question_ids: Iterable[int], origin: Origin) -> None:
    """Set why questions are asked: one that rode along as a label, or was added, becomes a case in its own right."""
    _update(tx, question_ids, "origin", origin)


def save_held(tx: Transaction, question_ids: Iterable[int], *, held: bool) -> None:
    """Set whether only an adjudicator may settle questions."""
    _update(tx, question_ids, "held", held)


def save_places(tx: Transaction, split: str, items: npt.NDArray[np.integer], places: npt.NDArray[np.int64]) -> None:
    """Move items on the ring: all questions on an item, in both passes, stand at the item's place.

    Args:
        tx: A write transaction.
        split: The split.
        items: (n,) positions, each once.
        places: (n,) their places.
    """
    rows = tables.questions
    here = [{"number": item, "place": place} for item, place in zip(items.tolist(), places.tolist(), strict=True)]
    for pass_ in Pass if here else ():
        # One pass at a time, so that the index goes on to the item.
        tx.execute(
            update(rows)
            .where(
                rows.c.split == split_id(tx, split),
                rows.c["pass"] == pass_,
                rows.c.item == bindparam("number"),
                rows.c.shuffle != bindparam("place"),
            )
            .values(shuffle=bindparam("place")),
            here,
        )


def list_item_questions(tx: Transaction, split: str, item: int, pass_: Pass | None = None) -> tuple[Question, ...]:
    """All questions on one item, in the order in which they were asked."""
    values = {"of_split": split_id(tx, split), "of_item": item}
    return _as_questions(tx.execute(_select_item_questions(pass_), values), split)


def find_open_items(tx: Transaction, split: str, items: Collection[int], pass_: Pass) -> frozenset[int]:
    """Those of the items on which a case is open in one pass."""
    if not items:
        return frozenset()
    # Were the status asked for, too, SQLite would go through the whole index of open cases.
    cases = tx.execute(_CASES_ON, {"of_split": split_id(tx, split), "in_pass": pass_, "of_items": sorted(items)})
    return frozenset(item for item, status in cases if status == QuestionStatus.OPEN)


def list_questions(
    tx: Transaction,
    *,
    split: str,
    pass_: Pass | None = None,
    status: QuestionStatus | None = None,
    origins: Collection[Origin] | None = None,
) -> tuple[Question, ...]:
    """A split's questions, in the order in which they were asked; None: of every kind."""
    rows = tables.questions
    statuses = None if status is None else (status,)
    query = _filtered(_select_questions(split_id(tx, split), pass_), statuses, origins).order_by(rows.c.id)
    return _as_questions(tx.execute(query), split)


def load_pairs(
    tx: Transaction,
    split: str,
    pass_: Pass,
    *,
    statuses: Collection[QuestionStatus] | None = None,
    origins: Collection[Origin] | None = None,
) -> QuestionPairs:
    """The pairs that are asked about in one pass, as arrays; None: of every kind."""
    rows = tables.questions
    # Both numbers in one: a single column comes out of the database several times faster than rows of two.
    key = cast(rows.c.item, BigInteger) * literal(2**32, BigInteger) + rows.c.class_id
    query = select(key).where(rows.c.split == split_id(tx, split), rows.c["pass"] == pass_)
    keys = np.array(tx.execute(_filtered(query, statuses, origins)).scalars().all(), dtype=np.int64)
    keys.sort()
    return QuestionPairs((keys >> 32).astype(np.int32), (keys & (2**32 - 1)).astype(np.int32))


def load_newest_id(tx: Transaction, split: str) -> int:
    """Id of the split's newest question, 0 if there is none: it grows with every question asked."""
    return tx.execute(_NEWEST, {"of_split": split_id(tx, split)}).scalar() or 0


def load_asked_items(tx: Transaction, split: str, *, after: int) -> npt.NDArray[np.int32]:
    """Positions of the items on which a question with an id above `after` was asked, each once, ascending."""
    found = tx.execute(_ASKED_SINCE, {"after": after, "of_split": split_id(tx, split)})
    return np.unique(np.array(found.scalars().all(), dtype=np.int32))


def list_disputed_items(tx: Transaction, split: str, pass_: Pass) -> tuple[int, ...]:
    """Positions of the items with a disputed question in this pass, ascending."""
    rows = tables.questions
    query = select(rows.c.item).distinct().where(rows.c.split == split_id(tx, split), rows.c["pass"] == pass_)
    query = _filtered(query, (QuestionStatus.DISPUTED,), None)
    return tuple(tx.execute(query.order_by(rows.c.item)).scalars())


def count_questions(tx: Transaction, split: str) -> tuple[QuestionCount, ...]:
    """How many questions there are of each pass, status and origin that occurs."""
    rows = tables.questions
    kinds = (rows.c["pass"], rows.c.status, rows.c.origin)
    query = (
        select(*kinds, func.count(), func.count(rows.c.item.distinct()))
        .where(rows.c.split == split_id(tx, split))
        .group_by(*kinds)
        .order_by(*kinds)
    )
    return tuple(
        QuestionCount(Pass(pass_), QuestionStatus(status), Origin(origin), n_questions, n_items)
        for pass_, status, origin, n_questions, n_items in tx.execute(query)
    )


def _insert_questions(tx: Transaction, pass_: Pass, origin: Origin) -> Insert:
    """The words that all rows share stand in the statement: handing them over with every row takes a third longer."""
    words = {"pass": pass_, "origin": origin, "status": QuestionStatus.OPEN}
    values: dict[str, ColumnElement[Any]] = {name: literal_column(f"'{word}'") for name, word in words.items()}
    for column, parameter in (("split", "split_id"), ("created_at", "at"), ("item", "item"), ("class_id", "class_id")):
        values[column] = bindparam(parameter)
    return insert_or_ignore(tx, tables.questions).values(
        values | {"n_claims": literal_column("0"), "shuffle": bindparam("shuffle")}
    )


def _update(tx: Transaction, question_ids: Iterable[int], column: str, value: str | bool) -> None:
    rows = [{"question": int(question_id), "value": value} for question_id in question_ids]
    if rows:
        tx.execute(_update_column(column), rows)


@cache
def _update_column(column: str) -> Update:
    """Made once: every answer asks it."""
    rows = tables.questions
    return update(rows).where(rows.c.id == bindparam("question")).values({column: bindparam("value")})


@cache
def _select_item_questions(pass_: Pass | None) -> Select[Any]:
    """Made once: every screen asks it."""
    rows = tables.questions
    query = _select_questions(bindparam("of_split"), pass_).where(rows.c.item == bindparam("of_item"))
    return query.order_by(rows.c.id)


def _select_questions(split: int | ColumnElement[int], pass_: Pass | None) -> Select[Any]:
    rows = tables.questions
    names = ("id", "item", "class_id", "pass", "origin", "status", "n_claims", "created_at", "held")
    # Both passes are named where any is meant, so that the index goes on to the item.
    passes = tuple(Pass) if pass_ is None else (pass_,)
    query = select(*(rows.c[name] for name in names))
    return query.where(rows.c.split == split, rows.c["pass"].in_(passes))


def _filtered(
    query: Select[Any], statuses: Collection[QuestionStatus] | None, origins: Collection[Origin] | None
) -> Select[Any]:
    rows = tables.questions
    if statuses is not None:
        # Said literally, so that the index of the disputed ones can be used.
        words = bindparam("statuses", tuple(statuses), tables.Word, expanding=True, literal_execute=True)
        query = query.where(rows.c.status.in_(words))
    if origins is not None:
        query = query.where(rows.c.origin.in_(origins))
    return query


def _as_questions(rows: Iterable[Sequence[Any]], split: str) -> tuple[Question, ...]:
    return tuple(
        Question(number, split, item, class_id, Pass(pass_), Origin(origin), QuestionStatus(status), n_claims, at, held)
        for number, item, class_id, pass_, origin, status, n_claims, at, held in rows
    )
