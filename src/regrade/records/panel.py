"""The panel: protocol, questions, reviews, decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from regrade.records.labels import Verdict

Rule = Literal["unanimous", "majority"]


class Pass(StrEnum):
    """The two passes of a review."""

    VERDICT = "verdict"
    KIND = "kind"


class Origin(StrEnum):
    """Why an (item, class) is asked about. `label` rides along with the others and is no case."""

    PREDICTION = "prediction"
    IMPORTED = "imported"
    ADDED = "added"
    LABEL = "label"


class QuestionStatus(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    DISPUTED = "disputed"
    DECIDED = "decided"
    CLOSED = "closed"
    """Its item was decided problematic."""


@dataclass(frozen=True, slots=True)
class CategoryDefinition:
    """One category or severity of a taxonomy."""

    key: str
    definition: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """What kinds of mistake there are, and how bad they can be. Versioned with the workspace's settings."""

    name: str
    categories: tuple[CategoryDefinition, ...]
    severities: tuple[CategoryDefinition, ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """How the panel works. Part of what every published label set says of itself."""

    n_reviewers: int = 2
    """Reviewers per item, >= 1."""
    rule: Rule = "unanimous"
    blind_model: bool = True
    blind_roles: bool = True
    blind_peers: bool = True
    max_classes_per_screen: int = 6
    """>= 1."""


@dataclass(frozen=True, slots=True)
class Question:
    """One (item, class) that the panel is asked about, in one pass. A case is a question whose origin is no label."""

    id: int
    split: str
    item: int
    """Position in the split."""
    class_id: int
    pass_: Pass
    origin: Origin
    status: QuestionStatus
    n_claims: int
    """Reviewers that were dealt it and have not skipped it."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class VerdictAnswer:
    """A reviewer's verdict on one class of an item."""

    class_id: int
    verdict: Verdict
    added: bool = False
    """The reviewer named the class; nobody had asked about it."""


@dataclass(frozen=True, slots=True)
class KindAnswer:
    """A reviewer's category and severity of one mistake."""

    class_id: int
    category: str
    severity: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What a reviewer sends for one screen: verdicts (or `problematic`) in the first pass, a kind in the second."""

    verdicts: tuple[VerdictAnswer, ...] = ()
    kinds: tuple[KindAnswer, ...] = ()
    problematic: bool = False
    note: str = ""
    discuss: bool = False
    """The reviewer wants the panel to talk about it."""
    seconds: float | None = None
    """Time on the screen, idle time left out, as the page measured it."""


@dataclass(frozen=True, slots=True)
class Review:
    """One stored answer of one reviewer on one (item, class), or on the whole item (`class_id` None: problematic)."""

    id: int
    """Ascending in time."""
    submission: str
    """Names all reviews that were sent together."""
    reviewer: str
    split: str
    item: int
    class_id: int | None
    pass_: Pass
    verdict: Verdict | None
    problematic: bool
    category: str | None
    severity: str | None
    note: str
    discuss: bool
    added: bool
    labels: str
    """`NAME@N` that was in force when the screen was shown."""
    source: str | None
    """Where an imported judgement comes from; None for one made here."""
    created_at: datetime
    withdrawn: bool = False
    """The reviewer has undone it; it stays, and counts no more."""


class DecisionMethod(StrEnum):
    """How a decision came about."""

    CONSENSUS = "consensus"
    ADJUDICATION = "adjudication"
    IMPORTED = "imported"
    REOPENED = "reopened"
    """Takes the decision before it back; the question is open again."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The panel's decision on one (item, class), or on the item being problematic (`class_id` None)."""

    id: int
    """Ascending in time; the newest of an (item, class, pass) counts."""
    split: str
    item: int
    class_id: int | None
    pass_: Pass
    verdict: Verdict | None
    """First pass; None in the second, for a problematic item, and for a reopened one."""
    category: str | None
    severity: str | None
    method: DecisionMethod
    author: str
    """Who decided: the adjudicator, or all reviewers that agreed, joined by a comma."""
    reason: str
    base: str
    """`NAME@N`: the version that the answers were given against."""
    created_at: datetime
    published_in: str | None = None
    """`NAME@N` of the version that carries it; None while it waits."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A question that the reviews settle."""

    class_id: int | None
    """None: the item itself is problematic."""
    verdict: Verdict | None
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettledKind:
    """A second-pass question that the reviews settle."""

    class_id: int
    category: str
    severity: str
    reviewers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """Where the reviews of one item leave its first pass.

    Every asked class is in exactly one of settled, disputed, waiting, unless the item is problematic.
    """

    problematic: Settled | None = None
    """Decided problematic: then the other fields are empty."""
    settled: tuple[Settled, ...] = ()
    disputed: tuple[int, ...] = ()
    """Class ids on which the reviewers differ."""
    waiting: tuple[int, ...] = ()
    """Class ids that too few have answered yet."""
    problematic_disputed: bool = False
    """Somebody, but not the rule's share, finds the item problematic."""


@dataclass(frozen=True, slots=True)
class KindOutcome:
    """Where the reviews of one mistake leave its second pass."""

    settled: SettledKind | None = None
    disputed: bool = False
    category_disputed: bool = False
    severity_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """What one reviewer was dealt: one item and some of its classes in the order shown, kept until answered."""

    id: str
    """Random; all that a URL ever carries."""
    reviewer: str
    split: str
    item: int
    pass_: Pass
    classes: tuple[int, ...]
    """Class ids in the random order in which they are shown."""
    part: int
    """0-based; items with many classes have several screens."""
    n_parts: int
    labels: str
    """`NAME@N` in force when it was dealt."""
    created_at: datetime
    answered_at: datetime | None = None
    submission: str | None = None
    """The submission that answered it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement made elsewhere: verdict, and for a mistake its kind."""

    item: int
    class_id: int
    verdict: Verdict
    category: str | None
    severity: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class JudgementFile:
    """Judgements read from a file."""

    judgements: tuple[Judgement, ...]
    warnings: tuple[str, ...] = field(default=())
