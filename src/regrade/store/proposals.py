"""Proposals: who said that an item shows a class which nobody was asked about. They are never changed."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, Table, and_, bindparam, func, insert, select

from regrade.errors import ConflictError
from regrade.records.panel import Pass, Proposal, QuestionStatus
from regrade.store import tables
from regrade.store.names import label_set_id, ref_of, split_id, user_id
from regrade.store.store import Transaction


class FollowedProposal(NamedTuple):
    """A proposal, and where its question stands."""

    proposal: Proposal
    status: QuestionStatus


def save_proposal(tx: Transaction, proposal: Proposal) -> None:
    """Add a proposal.

    Args:
        tx: A write transaction.
        proposal: Its `id` counts for nothing: the database gives one.

    Raises:
        ConflictError: The class was proposed for the item before.
        NotFoundError: No such user, split or label set.
    """
    rows, split = tables.proposals, split_id(tx, proposal.split)
    same = (rows.c.split == split, rows.c.item == proposal.item, rows.c.class_id == proposal.class_id)
    if tx.execute(select(rows.c.id).where(*same)).first() is not None:
        raise ConflictError("This class was proposed for this item before.", remedy="Wait for what the panel says.")
    tx.execute(
        insert(rows).values(
            proposer=user_id(tx, proposal.proposer),
            split=split,
            item=proposal.item,
            class_id=proposal.class_id,
            reason=proposal.reason,
            label_set=label_set_id(tx, proposal.labels),
            created_at=proposal.created_at,
        )
    )


def list_item_proposals(tx: Transaction, split: str, item: int) -> tuple[Proposal, ...]:
    """The proposals on one item, oldest first."""
    of = {"of_split": split_id(tx, split), "of_item": item}
    return tuple(map(_as_proposal, tx.execute(_select_item_proposals(), of)))


def list_proposals(tx: Transaction, split: str) -> tuple[Proposal, ...]:
    """All proposals of a split, oldest first."""
    rows = tables.proposals
    query = _select_proposals().where(rows.c.split == split_id(tx, split)).order_by(rows.c.id)
    return tuple(map(_as_proposal, tx.execute(query)))


def list_user_proposals(tx: Transaction, proposer: str, *, limit: int) -> tuple[FollowedProposal, ...]:
    """What a user has proposed last, newest first.

    Raises:
        NotFoundError: There is no such user.
    """
    rows, asked = tables.proposals, tables.questions
    query = (
        _select_proposals()
        .add_columns(asked.c.status)
        .join(asked, _is_question_of(rows))
        .where(rows.c.proposer == user_id(tx, proposer))
        .order_by(rows.c.id.desc())
        .limit(limit)
    )
    return tuple(FollowedProposal(_as_proposal(row), QuestionStatus(row.status)) for row in tx.execute(query))


def count_undecided(tx: Transaction, proposer: str) -> int:
    """How many of a user's proposals are open or disputed.

    Raises:
        NotFoundError: There is no such user.
    """
    rows, asked = tables.proposals, tables.questions
    query = (
        select(func.count())
        .select_from(rows)
        .join(asked, _is_question_of(rows))
        .where(
            rows.c.proposer == user_id(tx, proposer),
            asked.c.status.in_((QuestionStatus.OPEN, QuestionStatus.DISPUTED)),
        )
    )
    return int(tx.execute(query).scalar_one())


def _is_question_of(rows: Table) -> ColumnElement[bool]:
    """The first-pass question that a proposal became."""
    asked = tables.questions
    return and_(
        asked.c.split == rows.c.split,
        asked.c["pass"] == Pass.VERDICT,
        asked.c.item == rows.c.item,
        asked.c.class_id == rows.c.class_id,
    )


@cache
def _select_proposals() -> Select[Any]:
    """Made once: building it takes longer than running it."""
    rows, people, splits, label_sets = tables.proposals, tables.users, tables.splits, tables.label_sets
    return (
        select(
            rows,
            people.c.name.label("proposer_name"),
            splits.c.name.label("split_name"),
            ref_of(label_sets).label("labels"),
        )
        .join(people, people.c.id == rows.c.proposer)
        .join(splits, splits.c.id == rows.c.split)
        .join(label_sets, label_sets.c.id == rows.c.label_set)
    )


@cache
def _select_item_proposals() -> Select[Any]:
    """Made once: every answer asks it."""
    rows = tables.proposals
    query = _select_proposals().where(rows.c.split == bindparam("of_split"), rows.c.item == bindparam("of_item"))
    return query.order_by(rows.c.id)


def _as_proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        proposer=row.proposer_name,
        split=row.split_name,
        item=row.item,
        class_id=row.class_id,
        reason=row.reason,
        labels=row.labels,
        created_at=row.created_at,
    )
