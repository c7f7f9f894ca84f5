"""What is known of a label set version beyond its verdicts: where it comes from, and how it was reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import LabelSet, LabelSetVersion
from regrade.records.panel import Protocol, ProtocolVersion


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One version on the way to a label set."""

    version: LabelSetVersion
    sources: tuple[str, ...]
    """`NAME@N` of each version that it was made from; empty for an import."""
    n_consensus: int
    """Decisions that it carries on which the reviewers agreed."""
    n_adjudicated: int
    """Decisions that an adjudicator took."""
    n_imported: int
    """Decisions that were made elsewhere."""
    deciders: tuple[str, ...]
    """Who decided, sorted; empty where it carries no decision."""
    protocol: Protocol | None
    """How the panel worked when it was published; None where nobody recorded it, or it carries no decision."""
    protocols: tuple[ProtocolVersion, ...] = ()
    """The versions of the protocol under which its decisions were answered; empty where that was not recorded."""

    @property
    def n_decisions(self) -> int:
        """Decisions that it carries."""
        return self.n_consensus + self.n_adjudicated + self.n_imported


@dataclass(frozen=True, slots=True)
class ModelReview:
    """How much of one model's mistakes was looked at."""

    model: str
    n_reviewed: int
    """Its predictions that were asked about and decided, in this version or in one that it comes from."""
    n_mistakes: int
    """Its mistakes under the version, by the policy `multilabel`."""
    n_unreviewed: int
    """Of these, mistakes on a class that nobody ever judged."""


@dataclass(frozen=True, slots=True)
class ReopenedDecision:
    """A decision that a version rests on, and that was taken back since it was published."""

    token: str
    """Stands for the item in the addresses of the pages."""
    item_id: str
    class_name: str
    """Empty where it was on the item being problematic."""
    said: str
    """What had been decided: a verdict, `problematic`, or `usable`."""
    published_in: str
    """`NAME@N` of the first version that carries it."""
    author: str
    """Who took it back."""
    reason: str
    at: datetime
    now: str
    """What is decided since; empty while it waits."""
    now_in: str | None
    """`NAME@N` of the version that carries that; None while none does."""

    @property
    def since(self) -> str:
        """What became of it, in words."""
        if not self.now:
            return "it waits"
        return f"{self.now}, {f'in {self.now_in}' if self.now_in else 'not published'}"


@dataclass(frozen=True, slots=True, eq=False)
class LabelSheet:
    """A version of a label set with all that a file of it may say."""

    labels: LabelSet
    version: LabelSetVersion
    split: Split
    classes: ClassList
    benchmark: str
    """Name of the workspace."""
    media_type: str
    history: tuple[HistoryStep, ...] = ()
    """The version itself first, then those that it comes from."""
    models: tuple[ModelReview, ...] = ()
    """The models with predictions on the split, by name."""
    reopened: tuple[ReopenedDecision, ...] = ()
    """Decisions that it rests on and that were reopened since, oldest first."""
    license: str | None = None
    """The license that the user gave it; None: unknown."""
    url: str | None = None
    """Where it is published; None: unknown."""
    intended_use: str | None = None
    """What the user says it is for; None: nothing was said."""
