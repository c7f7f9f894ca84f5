"""Items with all that is known of them, for those who may see everything."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass
from regrade.web.schemas.base import ClassId, Figure, In, Out
from regrade.web.schemas.classes import NamedClassOut
from regrade.web.schemas.labels import LabelSetVersionOut
from regrade.web.schemas.neighbors import NearestItemsOut
from regrade.web.schemas.proposals import ProposedOut


class ModelVoteOut(Out):
    """A model that predicts a class, and how sure it is."""

    model: str
    confidence: Figure


class ReviewOut(Out):
    """One reviewer's answer on one class, or on the item being problematic."""

    reviewer: str
    class_id: int | None
    """null: on the item."""
    pass_: Pass = Field(serialization_alias="pass")
    verdict: Verdict | None
    problematic: bool
    category: str | None
    severity: str | None
    note: str
    discuss: bool
    """The reviewer wants the panel to talk about it."""
    added: bool
    """The reviewer named the class; nobody had asked about it."""
    labels: str
    """`NAME@N` in force when the screen was shown."""
    source: str | None
    """Where an imported judgement comes from; null for one made here."""
    created_at: datetime
    withdrawn: bool
    """Undone: it stays, and counts no more."""
    revealed: bool
    """Given after its reviewer was shown the outcome or the discussion of the item."""


class DecisionOut(Out):
    """The panel's decision on one class, or on the item being problematic."""

    class_id: int | None
    """null: on the item."""
    pass_: Pass = Field(serialization_alias="pass")
    verdict: Verdict | None
    category: str | None
    severity: str | None
    method: DecisionMethod
    author: str
    """The adjudicator, or all reviewers that agreed, joined by a comma."""
    reason: str
    base: str
    """`NAME@N` that the answers were given against."""
    created_at: datetime
    published_in: str | None
    """`NAME@N` of the version that carries it; null while it waits."""
    usable: bool
    """On the item: it is not problematic after all."""


class ItemDecisionOut(Out):
    """A decision, with its item and class by name."""

    decision: DecisionOut
    token: str
    """Of the item."""
    item_id: str
    class_name: str
    """Empty where the decision is on the item."""


class DecisionsOut(Out):
    """One page of the decisions in force."""

    n_total: int
    decisions: list[ItemDecisionOut]
    """From `offset`, `limit` of them, oldest first."""


class PairOut(Out):
    """One class of the item: judged, asked about or predicted."""

    named: NamedClassOut
    is_original: bool
    verdict: str
    """In force: `correct`, `unclear`, `wrong` or `never judged`."""
    status: str
    """Of the question, first pass; empty where nobody was asked."""
    models: list[ModelVoteOut]
    """Most confident first."""
    reviews: list[ReviewOut]
    """Both passes, withdrawn ones included."""
    decisions: list[DecisionOut]
    """The newest of each pass."""
    proposal: ProposedOut | None
    """Who proposed the class, and why; null: nobody did."""


class TakenBackOut(Out):
    """A decision that an adjudicator reopened; what is decided since stands with its class, if anything is."""

    class_name: str
    """Empty where it was on the item as a whole."""
    decision: DecisionOut
    author: str
    """Who reopened it."""
    reason: str
    at: datetime


class ItemOut(Out):
    """One item."""

    token: str
    media: str | None
    split: str
    item_id: str
    labels: LabelSetVersionOut
    original: NamedClassOut | None
    problematic: bool | None
    """null: the labels do not cover the item."""
    pairs: list[PairOut]
    """Accepted classes first, then by number of models."""
    problematic_reviews: list[ReviewOut]
    decision: DecisionOut | None
    """In force on the item as a whole: it is problematic, or usable after all."""
    reopened: list[TakenBackOut]
    """Oldest first."""
    nearest: NearestItemsOut | None
    """The nearest training images; null where there are no embeddings."""


class ReopeningIn(In):
    """Which decision is taken back, and why."""

    token: str
    """Of the item."""
    pass_: Annotated[Pass, Field(alias="pass", strict=False)]
    """Of which pass it is."""
    class_id: ClassId | None = None
    """On which class; null: on the item being problematic, or usable after all."""
    decided_at: Annotated[AwareDatetime | None, Field(strict=False)] = None
    """When the decision that you saw was made (its `created_at`): another in its place is then a conflict."""
    reason: str
