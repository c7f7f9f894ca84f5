"""Reviews: appended, never changed. Undoing one is a row of its own, in another table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, insert, select

from regrade.errors import ConflictError, NotFoundError
from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Purpose, Review
from regrade.store import tables
from regrade.store.names import label_set_id, ref_of, split_id, user_id
from regrade.store.store import Transaction


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One reviewer's part in a split."""

    reviewer: str
    n_answers: int
    """Reviews that count: not undone, not imported."""
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An answer that its reviewer took back."""

    submission: str
    reviewer: str
    at: datetime
    revealed: bool
    """The reviewer had been shown something of the item that others know more about."""


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody wants to talk about one pass of one item."""

    item: int
    pass_: Pass
    last_at: datetime


def save_reviews(tx: Transaction, reviews: Iterable[Review]) -> None:
    """Append reviews in the order given. Their ids are assigned: `id` and `withdrawn` of the records are passed over.

    Raises:
        NotFoundError: No such user, split or label set.
    """
    given = tuple(reviews)
    people = {name: user_id(tx, name) for name in {review.reviewer for review in given}}
    splits = {name: split_id(tx, name) for name in {review.split for review in given}}
    label_sets = {ref: label_set_id(tx, ref) for ref in {review.labels for review in given}}
    rows = [
        {
            "submission": review.submission,
            "reviewer": people[review.reviewer],
            "split": splits[review.split],
            "item": review.item,
            "class_id": review.class_id,
            "pass": review.pass_,
            "verdict": review.verdict,
            "problematic": review.problematic,
            "category": review.category,
            "severity": review.severity,
            "note": review.note,
            "discuss": review.discuss,
            "added": review.added,
            "label_set": label_sets[review.labels],
            "source": review.source,
            "created_at": review.created_at,
            "purpose": review.purpose,
            "revealed": review.revealed,
        }
        for review in given
    ]
    if rows:
        tx.execute(insert(tables.reviews), rows)


def list_item_reviews(
    tx: Transaction, split: str, item: int, pass_: Pass | None = None, *, purpose: Purpose = Purpose.PANEL
) -> tuple[Review, ...]:
    """All reviews of one item, in the order in which they were given; undone ones are marked."""
    of = {"of_split": split_id(tx, split), "of_item": item}
    return tuple(map(_as_review, tx.execute(_select_item_reviews(pass_, purpose), of)))


def list_reviews(
    tx: Transaction,
    *,
    split: str,
    pass_: Pass | None = None,
    reviewer: str | None = None,
    purpose: Purpose | None = Purpose.PANEL,
) -> tuple[Review, ...]:
    """A split's reviews in the order in which they were given; None: of both passes, of everybody, for any purpose."""
    rows = tables.reviews
    query = _select_reviews(pass_, purpose).where(rows.c.split == split_id(tx, split))
    if reviewer is not None:
        query = query.where(rows.c.reviewer == user_id(tx, reviewer))
    return tuple(map(_as_review, tx.execute(query.order_by(rows.c.id))))


def list_submissions(tx: Transaction) -> dict[str, str]:
    """Who sent each submission, undone ones too; imported judgements, which have names of their own, are left out."""
    rows, people = tables.reviews, tables.users
    query = select(rows.c.submission, people.c.name).join(people, people.c.id == rows.c.reviewer)
    return {row.submission: row.name for row in tx.execute(query.where(rows.c.source.is_(None)).distinct())}


def has_reviews(tx: Transaction, split: str) -> bool:
    """Whether anybody has reviewed here, or reviews were imported; undone answers count."""
    rows = tables.reviews
    query = select(rows.c.id).where(rows.c.split == split_id(tx, split)).limit(1)
    return tx.execute(query).first() is not None


def list_reviewers(tx: Transaction, split: str) -> tuple[Reviewer, ...]:
    """Everybody who has reviewed here (imported judgements left out), by name. Answers of every purpose are work."""
    rows, people = tables.reviews, tables.users
    query = (
        select(people.c.name, func.count(), func.max(rows.c.created_at))
        .join(people, people.c.id == rows.c.reviewer)
        .where(rows.c.split == split_id(tx, split), rows.c.source.is_(None), ~_is_withdrawn())
        .group_by(people.c.id, people.c.name)
        .order_by(people.c.name)
    )
    return tuple(Reviewer(*row) for row in tx.execute(query))


def list_flags(tx: Transaction, split: str, *, gold_of: str | None = None) -> tuple[Flag, ...]:
    """Every pass of every item that somebody wants to talk about, by item; undone answers are left out.

    Args:
        tx: The transaction.
        split: The split.
        gold_of: In place of the panel's the flags that this reviewer has put on gold.
    """
    rows = tables.reviews
    keys = (rows.c.item, rows.c["pass"])
    whose = (
        (rows.c.purpose == Purpose.PANEL,)
        if gold_of is None
        else (rows.c.purpose == Purpose.GOLD, rows.c.reviewer == user_id(tx, gold_of))
    )
    query = (
        select(*keys, func.max(rows.c.created_at))
        .where(rows.c.split == split_id(tx, split), rows.c.discuss, *whose, ~_is_withdrawn())
        .group_by(*keys)
        .order_by(*keys)
    )
    return tuple(Flag(item, Pass(pass_), at) for item, pass_, at in tx.execute(query))


def save_withdrawal(tx: Transaction, submission: str, reviewer: str, at: datetime, *, revealed: bool = False) -> None:
    """Take back a submission: its reviews stay, and count no more.

    Args:
        tx: A write transaction.
        submission: What is taken back.
        reviewer: Whose it is.
        at: When.
        revealed: Whether the reviewer had been shown something of the item that others know more about.

    Raises:
        ConflictError: It has been taken back already.
        NotFoundError: This reviewer has sent no such submission.
    """
    rows, withdrawn, user = tables.reviews, tables.withdrawals, user_id(tx, reviewer)
    sent = select(rows.c.id).where(rows.c.submission == submission, rows.c.reviewer == user).limit(1)
    if tx.execute(sent).one_or_none() is None:
        raise NotFoundError(f"{reviewer} has sent no answer {submission}.")
    if tx.execute(select(withdrawn.c.at).where(withdrawn.c.submission == submission)).one_or_none() is not None:
        raise ConflictError("This answer has been undone already.", remedy="Reload the page.")
    tx.execute(insert(withdrawn).values(submission=submission, reviewer=user, at=at, revealed=revealed))


def list_withdrawals(tx: Transaction, split: str, item: int | None = None) -> tuple[Withdrawal, ...]:
    """Every answer on a split, or on one item of it, that was taken back, in the order of time."""
    rows, withdrawn, people = tables.reviews, tables.withdrawals, tables.users
    same = (withdrawn.c.submission == rows.c.submission) & (withdrawn.c.reviewer == rows.c.reviewer)
    of = select(rows.c.id).where(same, rows.c.split == split_id(tx, split))
    if item is not None:
        of = of.where(rows.c.item == item)
    query = (
        select(withdrawn, people.c.name)
        .join(people, people.c.id == withdrawn.c.reviewer)
        .where(of.exists())
        .order_by(withdrawn.c.at)
    )
    return tuple(Withdrawal(row.submission, row.name, row.at, row.revealed) for row in tx.execute(query))


def _is_withdrawn() -> Any:
    rows, withdrawn = tables.reviews, tables.withdrawals
    # Also the reviewer: an imported judgement may stand under a name that somebody chose as a key.
    same = (withdrawn.c.submission == rows.c.submission) & (withdrawn.c.reviewer == rows.c.reviewer)
    return select(withdrawn.c.submission).where(same).exists()


@cache
def _select_reviews(pass_: Pass | None, purpose: Purpose | None) -> Select[Any]:
    """Made once: building it takes longer than running it."""
    rows, people, splits = tables.reviews, tables.users, tables.splits
    query = (
        select(
            rows,
            people.c.name.label("reviewer_name"),
            splits.c.name.label("split_name"),
            ref_of(tables.label_sets).label("labels"),
            _is_withdrawn().label("withdrawn"),
        )
        .join(people, people.c.id == rows.c.reviewer)
        .join(splits, splits.c.id == rows.c.split)
        .join(tables.label_sets, tables.label_sets.c.id == rows.c.label_set)
    )
    if purpose is not None:
        query = query.where(rows.c.purpose == purpose)
    return query if pass_ is None else query.where(rows.c["pass"] == pass_)


@cache
def _select_item_reviews(pass_: Pass | None, purpose: Purpose) -> Select[Any]:
    rows = tables.reviews
    query = _select_reviews(pass_, purpose)
    return query.where(rows.c.split == bindparam("of_split"), rows.c.item == bindparam("of_item")).order_by(rows.c.id)


def _as_review(row: Row[Any]) -> Review:
    return Review(
        id=row.id,
        submission=row.submission,
        reviewer=row.reviewer_name,
        split=row.split_name,
        item=row.item,
        class_id=row.class_id,
        pass_=Pass(row._mapping["pass"]),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        problematic=row.problematic,
        category=row.category,
        severity=row.severity,
        note=row.note,
        discuss=row.discuss,
        added=row.added,
        labels=row.labels,
        source=row.source,
        created_at=row.created_at,
        withdrawn=bool(row.withdrawn),
        purpose=Purpose(row.purpose),
        revealed=row.revealed,
    )
