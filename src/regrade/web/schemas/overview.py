"""What the first page says."""

from __future__ import annotations

from datetime import datetime

from regrade.web.schemas.base import Figure, Out
from regrade.web.schemas.grades import GradeOut
from regrade.web.schemas.labels import ChangeOut, LabelSetVersionOut


class ModelLineOut(Out):
    """One model before and after the last publication."""

    model: str
    kind: str
    before: GradeOut
    after: GradeOut
    reviewed_share: Figure
    """Share of its mistakes under the newest version that somebody has judged; null where it makes none."""


class ReviewerLineOut(Out):
    """One reviewer's part."""

    name: str
    n_answered: int
    """Answers that count, both passes."""
    last_at: datetime


class OverviewOut(Out):
    """What is known so far."""

    name: str
    labels: LabelSetVersionOut
    """The newest version."""
    before: LabelSetVersionOut
    """The version that it was made from; itself where it is the first."""
    n_items: int
    n_classes: int
    n_cases_open: int
    n_items_open: int
    n_cases_disputed: int
    n_cases_decided: int
    n_no_mistake: int
    """Decided cases that were no mistake: decided correct or unclear."""
    no_mistake_share: Figure
    """Of the decided cases; null before the first."""
    n_kinds_open: int
    """Mistakes that wait for their category and severity."""
    n_to_publish: int
    """Decisions that no version carries yet."""
    lines: list[ModelLineOut]
    """Best first, by the newest version."""
    reviewers: list[ReviewerLineOut]
    changes: list[ChangeOut]
    """Some changes of the last version, those that can move a grade first."""
    n_changes: int
