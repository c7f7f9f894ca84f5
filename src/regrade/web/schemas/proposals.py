"""Proposals: classes that somebody says an item shows."""

from __future__ import annotations

from datetime import datetime

from regrade.panel import ProposalState
from regrade.web.schemas.base import ClassId, In, Out


class FoundItemOut(Out):
    """An item by its id. Says nothing of its label, of models, or of the panel."""

    item_id: str
    media: str | None


class ProposedOut(Out):
    """Who proposed a class, and why: for those who settle disputes or see results."""

    proposer: str
    reason: str
    created_at: datetime


class ProposalIn(In):
    """A class that an item shows, though nobody was asked about it."""

    item_id: str
    """As the benchmark has it."""
    class_id: ClassId
    reason: str
    """Why; adjudicators read it."""


class ProposalOut(Out):
    """One of your proposals. Until it is decided nothing tells what reviewers say."""

    item_id: str
    media: str | None
    class_id: int
    class_key: str
    class_name: str
    reason: str
    created_at: datetime
    state: ProposalState
    verdict: str | None
    """What was decided; null before that."""
    published_in: str | None
    """`NAME@N` of the version that carries it; null while it waits for one."""
