"""Proposals from outside the panel: whether a class can be proposed for an item, and where a proposal stands."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from regrade.records.labels import LabelSet
from regrade.records.panel import Origin, Question, QuestionStatus


class Hearing(StrEnum):
    """What a proposal meets."""

    OPEN = "open"
    """Nobody was asked: it becomes a case."""
    ASKED = "asked"
    """The panel is being asked already."""
    JUDGED = "judged"
    """The labels or the panel have judged the class on this item."""
    PROBLEMATIC = "problematic"
    """The item is problematic: nothing more is asked of it."""
    UNGRADED = "ungraded"
    """The labels do not cover the item, so nobody is graded on it."""


class ProposalState(StrEnum):
    """Where a proposal stands, in the only words that its proposer is told."""

    UNDECIDED = "undecided"
    DECIDED = "decided"
    CLOSED = "closed"
    """The item was found problematic."""


def hear_proposal(
    labels: LabelSet, item: int, class_id: int, asked: Collection[Question], *, problematic: bool
) -> Hearing:
    """What a proposal meets on its item.

    A class that only rides along on the screens of an item, though the labels in force do not judge it, is no case; nor
    is an added class that its reviewer took back. Both can be proposed.

    Args:
        labels: The label set in force.
        item: Position in its split.
        class_id: The class, 0..C-1.
        asked: The item's questions of the first pass.
        problematic: Whether the panel has decided that the item is.
    """
    if labels.is_problematic(item) is None:
        return Hearing.UNGRADED
    if problematic or labels.is_problematic(item):
        return Hearing.PROBLEMATIC
    if labels.verdict(item, class_id) is not None:
        return Hearing.JUDGED
    question = next((row for row in asked if row.class_id == class_id), None)
    if question is None or question.status is QuestionStatus.CLOSED:
        return Hearing.OPEN
    if question.status is QuestionStatus.DECIDED:
        return Hearing.JUDGED
    return Hearing.OPEN if question.origin is Origin.LABEL else Hearing.ASKED


def proposal_state(status: QuestionStatus) -> ProposalState:
    """Where a proposal stands, by the status of its question: whether reviewers differ is not told.

    >>> str(proposal_state(QuestionStatus.DISPUTED))
    'undecided'
    """
    if status is QuestionStatus.DECIDED:
        return ProposalState.DECIDED
    return ProposalState.CLOSED if status is QuestionStatus.CLOSED else ProposalState.UNDECIDED
