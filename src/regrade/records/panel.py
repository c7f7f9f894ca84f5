"""The panel: protocol, questions, reviews, decisions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from regrade.records.labels import Verdict

Rule = Literal["unanimous", "majority"]
AdjudicationMode = Literal["single", "vote"]
Order = Literal["random", "groups"]


class Pass(StrEnum):
    """The two passes of a review."""

    VERDICT = "verdict"
    KIND = "kind"


class Purpose(StrEnum):
    """What a screen and its reviews are for. Nothing that a reviewer receives says which it is."""

    PANEL = "panel"
    """Settles its questions. Only these reviews do, only these are adjudicated, only these count for agreement."""
    GOLD = "gold"
    """Asks again what is decided, of somebody who never saw it: it measures the reviewer."""
    AUDIT = "audit"
    """Asks about what nobody flagged: it measures the answer key."""


class Origin(StrEnum):
    """Why an (item, class) is asked about. `label` rides along with the others and is no case."""

    PREDICTION = "prediction"
    IMPORTED = "imported"
    ADDED = "added"
    LABEL = "label"
    PROPOSED = "proposed"
    """Sent in from outside the panel's work."""


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
    example: str = ""
    """A case in words, to go on after "for example"; may be empty."""


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
    blind_suggestions: bool = True
    """Reviewers see nobody's guess before they answer: no proposal's reason; adjudicators not what the votes weigh."""
    max_classes_per_screen: int = 6
    """>= 1."""
    adjudication: AdjudicationMode = "single"
    """`single`: the first adjudicator decides; `vote`: more than half of `n_adjudicators` say the same."""
    n_adjudicators: int = 3
    """Adjudicators who vote on a question, >= 1; counts under `vote` only."""
    gold_share: float = 0.0
    """Share of the items dealt in the first pass that are gold, 0 to 0.5."""
    order: Order = "random"
    """`random`: items in random order; `groups`: group after group of similar classes, the groups in random order."""
    reveal: bool = False
    """Whether a reviewer is shown, after answering an item that is decided, what models said and others answered, and
    the nearest training images."""

    def describe(self) -> str:
        """How the panel works, in sentences: what a published label set says of itself."""
        hidden = {
            "which model predicted a class": self.blind_model,
            "which class is the label": self.blind_roles,
            "what others answered": self.blind_peers,
            "suggestions": self.blind_suggestions,
        }
        shown = [what for what, is_hidden in hidden.items() if not is_hidden]
        kept = [what for what, is_hidden in hidden.items() if is_hidden]
        return " ".join(
            (
                f"{self.n_reviewers} {'reviewer' if self.n_reviewers == 1 else 'reviewers'} an item, {self.rule}.",
                f"Hidden from reviewers: {'; '.join(kept)}." if kept else "Nothing was hidden from reviewers.",
                *([f"Shown to them: {'; '.join(shown)}."] if shown else []),
                f"At most {self.max_classes_per_screen} classes a screen.",
                "One adjudicator decides what is disputed."
                if self.adjudication == "single"
                else f"More than half of {self.n_adjudicators} adjudicators decide what is disputed.",
                *([f"{100 * self.gold_share:g} % of the items are gold."] if self.gold_share else []),
                *(["Items come in groups of similar classes."] if self.order == "groups" else []),
                *(["After an answer on a decided item, what others said of it is shown."] if self.reveal else []),
            )
        )


@dataclass(frozen=True, slots=True)
class ProtocolVersion:
    """One version of a workspace's protocol. The newest is in force."""

    number: int
    """Counts from 1."""
    content: Protocol
    author: str
    """Who wrote it; `regrade.toml` where it was taken over from there."""
    reason: str
    created_at: datetime
    first_review_at: datetime | None = None
    """When the first answer was given under it; from then on it stays as it is. None: nobody has answered yet."""


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
    held: bool = False
    """An adjudicator reopened it: reviews settle it no more, an adjudicator does."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody's word that an item shows a class which nobody was asked about. It counts for no verdict."""

    id: int
    """Ascending in time."""
    proposer: str
    split: str
    item: int
    class_id: int
    reason: str
    labels: str
    """`NAME@N` in force, which did not judge the class."""
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
    """Ascending in the order in which they came in."""
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
    purpose: Purpose = Purpose.PANEL
    revealed: bool = False
    """Given after its reviewer was shown the outcome or the discussion of the item: no independent answer."""

    @property
    def place(self) -> tuple[datetime, int]:
        """Sorts reviews by when they were given: one from elsewhere may come in after later ones."""
        return (self.created_at, self.id)


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
    usable: bool = False
    """With `class_id` None: the item is not problematic after all."""


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
    purpose: Purpose = Purpose.PANEL
    protocol: int | None = None
    """Number of the protocol's version under which it was dealt; None where that was not recorded."""
    seconds: float | None = None
    """Time spent on it, idle time left out; None while it is not answered, or where that was not measured."""


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
