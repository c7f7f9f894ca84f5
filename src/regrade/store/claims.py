"""Claims: by which a reviewer holds a place at a case, from a screen on.

How many claims a question has stands in the question too, for the search of the next item; only this module writes
either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Update, bindparam, case, delete, func, select, update

from regrade.records.panel import Origin, Pass, Screen
from regrade.store import tables
from regrade.store.engine import insert_or_ignore
from regrade.store.names import split_id, user_id
from regrade.store.store import Transaction

_MOST_IDS = 5_000
"""Ids in one statement."""


class Claim(NamedTuple):
    """One reviewer's place at one question."""

    question: int
    reviewer: int
    screen: int
    """Number of the screen that gives it."""


def save_claims(tx: Transaction, claims: Sequence[Claim]) -> None:
    """Give reviewers their places; whoever has one at a question keeps it from the screen that gave it."""
    if claims:
        tx.execute(insert_or_ignore(tx, tables.claims), [claim._asdict() for claim in claims])
        _count_claims(tx, {claim.question for claim in claims})


def list_cases(tx: Transaction, screen: Screen, split: int) -> list[int]:
    """Ids of the cases on a screen's classes, what only rides along left out; `split` is the id of the screen's."""
    of = {"of_split": split, "in_pass": screen.pass_, "of_item": screen.item, "of_classes": screen.classes}
    return list(tx.execute(_select_cases(), of).scalars())


def list_claimed_classes(tx: Transaction, reviewer: str, split: str, item: int, pass_: Pass) -> frozenset[int]:
    """Class ids of the cases on an item that a reviewer has claimed in one pass, answered or not."""
    of = {"of_split": split_id(tx, split), "of_item": item, "in_pass": pass_, "of_reviewer": user_id(tx, reviewer)}
    return frozenset(tx.execute(_select_claimed_classes(), of).scalars())


def release_claims(tx: Transaction, screens: Sequence[int]) -> None:
    """Give back all places that screens gave, by the screens' numbers."""
    claims = tables.claims
    held = claims.c.screen.in_(screens)
    question_ids = tx.execute(select(claims.c.question).where(held)).scalars().all()
    tx.execute(delete(claims).where(held))
    _count_claims(tx, question_ids)


def release_raised(tx: Transaction, screen: int, shown: Sequence[int]) -> None:
    """Give back a screen's places at classes that do not stand on it.

    Args:
        tx: A write transaction.
        screen: Number of the screen.
        shown: Class ids that stand on it.
    """
    rows, claims = tables.questions, tables.claims
    query = (
        select(rows.c.id)
        .join(claims, claims.c.question == rows.c.id)
        .where(claims.c.screen == screen, rows.c.class_id.not_in(shown))
    )
    question_ids = tx.execute(query).scalars().all()
    tx.execute(delete(claims).where(claims.c.screen == screen, claims.c.question.in_(question_ids)))
    _count_claims(tx, question_ids)


def _count_claims(tx: Transaction, question_ids: Iterable[int]) -> None:
    ids = sorted(question_ids)
    for start in range(0, len(ids), _MOST_IDS):
        tx.execute(_update_counts(), {"of_questions": ids[start : start + _MOST_IDS]})


@cache
def _select_cases() -> Select[Any]:
    """Made once, as the next two: every screen that is dealt asks them."""
    rows = tables.questions
    return select(rows.c.id).where(
        rows.c.split == bindparam("of_split"),
        rows.c["pass"] == bindparam("in_pass"),
        rows.c.item == bindparam("of_item"),
        rows.c.class_id.in_(bindparam("of_classes", expanding=True)),
        rows.c.origin != Origin.LABEL,
    )


@cache
def _select_claimed_classes() -> Select[Any]:
    rows, claims = tables.questions, tables.claims
    return (
        select(rows.c.class_id)
        .join(claims, claims.c.question == rows.c.id)
        .where(
            rows.c.split == bindparam("of_split"),
            rows.c.item == bindparam("of_item"),
            rows.c["pass"] == bindparam("in_pass"),
            claims.c.reviewer == bindparam("of_reviewer"),
        )
    )


@cache
def _update_counts() -> Update:
    rows, claims = tables.questions, tables.claims

    def of_claims(value: ColumnElement[Any]) -> ColumnElement[Any]:
        return select(value).select_from(claims).where(claims.c.question == rows.c.id).scalar_subquery()

    only = case((func.count() == 1, func.min(claims.c.reviewer)))
    counts = {"n_claims": of_claims(func.count()), "only_reviewer": of_claims(only)}
    return update(rows).where(rows.c.id.in_(bindparam("of_questions", expanding=True))).values(counts)
