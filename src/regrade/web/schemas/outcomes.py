"""What became of the items that a reviewer has answered."""

from __future__ import annotations

from datetime import datetime

from regrade.web.schemas.base import Figure, Out
from regrade.web.schemas.classes import NamedClassOut
from regrade.web.schemas.items import DecisionOut
from regrade.web.schemas.neighbors import NearestImagesOut


class PastItemOut(Out):
    """One item that you have answered. What became of it is not in here."""

    token: str
    media: str | None
    answered_at: datetime
    settled: bool
    """It may be asked what became of it."""
    seen: bool
    """You have been shown what became of it."""


class ModelChoiceOut(Out):
    """One of a model's best-ranked classes."""

    named: NamedClassOut
    probability: Figure
    accepted: bool


class ModelRankingOut(Out):
    """A model's best-ranked classes, best first."""

    model: str
    choices: list[ModelChoiceOut]


class AnswerOut(Out):
    """What one reviewer said of one class, or of the item."""

    reviewer: str
    is_own: bool
    verdict: str
    """`correct`, `unclear`, `wrong` or `problematic`; empty where only the second pass was answered."""
    category: str
    severity: str


class ClassOutcomeOut(Out):
    """What became of one class of the item."""

    named: NamedClassOut
    n_models: int
    """Models whose first choice it is."""
    decisions: list[DecisionOut]
    """In force, the first pass before the second."""
    answers: list[AnswerOut]
    """One's own first."""


class OutcomeOut(Out):
    """What became of one item."""

    token: str
    media: str | None
    problematic: bool
    classes: list[ClassOutcomeOut]
    problematic_answers: list[AnswerOut]
    rankings: list[ModelRankingOut]
    """By model name."""
    nearest: NearestImagesOut | None
    """The nearest training images; null where there are no embeddings."""
    newer: str | None
    """Token of the settled item that was answered next after it."""
    older: str | None
