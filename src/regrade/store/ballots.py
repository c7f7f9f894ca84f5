"""Ballots: what adjudicators vote, appended and never changed. Which votes still count is the reader's to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, insert, select

from regrade.records.adjudication import BallotRow
from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.store import tables
from regrade.store.names import label_set_id, ref_of, split_id, user_id
from regrade.store.store import Transaction


def save_ballot(tx: Transaction, rows: Iterable[BallotRow]) -> None:
    """Append votes in the order given. Their ids are assigned: `id` of the records is passed over.

    Raises:
        NotFoundError: No such user, split or label set.
    """
    values = [
        {
            "ballot": row.ballot,
            "voter": user_id(tx, row.voter),
            "split": split_id(tx, row.split),
            "item": row.item,
            "class_id": row.class_id,
            "pass": row.pass_,
            "verdict": row.verdict,
            "category": row.category,
            "severity": row.severity,
            "reason": row.reason,
            "label_set": label_set_id(tx, row.labels),
            "after": row.after,
            "created_at": row.created_at,
        }
        for row in rows
    ]
    if values:
        tx.execute(insert(tables.votes), values)


def list_item_ballots(tx: Transaction, split: str, item: int, pass_: Pass | None = None) -> tuple[BallotRow, ...]:
    """All votes on one item, in the order in which they were cast."""
    return _list(tx, split, pass_, item)


def list_ballot(tx: Transaction, ballot: str, *, voter: str) -> tuple[BallotRow, ...]:
    """What an adjudicator voted at once, in the order given; empty where there is no such ballot of theirs."""
    query = _select_votes().where(tables.votes.c.ballot == ballot, tables.users.c.name == voter)
    return tuple(map(_as_row, tx.execute(query)))


def list_ballots(tx: Transaction, split: str, pass_: Pass | None = None) -> tuple[BallotRow, ...]:
    """All votes of a split, in the order in which they were cast."""
    return _list(tx, split, pass_, None)


def _list(tx: Transaction, split: str, pass_: Pass | None, item: int | None) -> tuple[BallotRow, ...]:
    rows = tables.votes
    query = _select_votes().where(rows.c.split == split_id(tx, split))
    if item is not None:
        query = query.where(rows.c.item == item)
    if pass_ is not None:
        query = query.where(rows.c["pass"] == pass_)
    return tuple(map(_as_row, tx.execute(query)))


def _select_votes() -> Select[Any]:
    rows, people, splits = tables.votes, tables.users, tables.splits
    return (
        select(
            rows,
            people.c.name.label("voter_name"),
            splits.c.name.label("split_name"),
            ref_of(tables.label_sets).label("labels"),
        )
        .join(people, people.c.id == rows.c.voter)
        .join(splits, splits.c.id == rows.c.split)
        .join(tables.label_sets, tables.label_sets.c.id == rows.c.label_set)
        .order_by(rows.c.id)
    )


def _as_row(row: Row[Any]) -> BallotRow:
    return BallotRow(
        id=row.id,
        ballot=row.ballot,
        voter=row.voter_name,
        split=row.split_name,
        item=row.item,
        class_id=row.class_id,
        pass_=Pass(row._mapping["pass"]),
        verdict=None if row.verdict is None else Verdict(row.verdict),
        category=row.category,
        severity=row.severity,
        reason=row.reason,
        labels=row.labels,
        after=row.after,
        created_at=row.created_at,
    )
