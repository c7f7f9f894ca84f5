"""What waits for an adjudicator, and what the adjudicator decides."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from regrade.errors import InputError
from regrade.records.panel import Pass
from regrade.web.schemas.agreement import SuggestionOut
from regrade.web.schemas.base import ClassId, In, Out
from regrade.web.schemas.classes import CardOut
from regrade.web.schemas.proposals import ProposedOut
from regrade.web.schemas.review import KindIn, Word
from regrade.web.text import clean_text
from regrade.workflow.adjudicate import Adjudication


class VoteOut(Out):
    """One reviewer's answer on one class."""

    reviewer: str
    verdict: str
    """`correct`, `unclear`, `wrong`, `problematic`; empty in the second pass."""
    added: bool
    category: str
    severity: str
    note: str
    discuss: bool


class PollOut(Out):
    """How far adjudication has come; who voted for what is never told before it is decided."""

    n_votes: int
    """Adjudicators who have voted on any of what waits."""
    n_needed: int
    """How many must say the same; 1: the first decides."""
    voted: bool
    """Whoever asks has, on all of it."""
    problematic: bool
    """And has called the item problematic."""


class WaitingReopeningOut(Out):
    """A decision that was taken back, and has not been taken anew."""

    class_name: str
    """Empty where it was on the item being problematic."""
    author: str
    reason: str
    at: datetime


class DisputedClassOut(Out):
    """One class of an item under adjudication."""

    card: CardOut
    role: str
    """`accepted`, `predicted`, `added` or `proposed`."""
    n_models: int
    """Models that predicted it."""
    current: str
    """The verdict in force."""
    votes: list[VoteOut]
    proposal: ProposedOut | None
    """Who proposed the class, and why; null: nobody did."""
    own: str
    """What whoever asks has voted on it; empty where not at all, or it counts no more."""
    disputed: bool
    """It must be decided; the others are shown for context and may be decided too."""
    n_votes: int
    """Adjudicators whose vote on it counts."""
    decided: str
    """The panel's decision that waits to be published; empty where there is none."""
    decided_by: str
    """Who decided that."""


class DisputeSummaryOut(Out):
    """One item that waits."""

    token: str
    media: str | None
    pass_: Pass = Field(serialization_alias="pass")
    reason: str
    item_id: str
    class_names: list[str]
    poll: PollOut


class DisputeOut(Out):
    """One item under adjudication in one pass."""

    token: str
    media: str | None
    item_id: str
    pass_: Pass = Field(serialization_alias="pass")
    reason: str
    classes: list[DisputedClassOut]
    labels: str
    """`NAME@N` in force."""
    position: int
    """Place among all disputes, from 0."""
    n_disputes: int
    reopened: list[WaitingReopeningOut]
    """The decisions on it that were taken back, and wait to be taken anew."""
    poll: PollOut
    suggestions: list[SuggestionOut]
    """What the votes weigh, class by class; none in the second pass, or where the protocol blinds suggestions."""


class DecidedVerdictIn(In):
    """A verdict on one class, which may be one that nobody asked about."""

    class_id: ClassId
    verdict: Word


class AdjudicationIn(In):
    """What an adjudicator decides on one item: verdicts or `problematic`; in the second pass kinds."""

    verdicts: list[DecidedVerdictIn] = Field(default_factory=list)
    problematic: bool = False
    kinds: list[KindIn] = Field(default_factory=list)
    reason: str
    labels: str | None = None
    """`NAME@N` that the dispute showed; what has changed since is a conflict. null: the one in force."""

    def as_adjudication(self) -> Adjudication:
        """The same for the workflow.

        Raises:
            InputError: A class has two verdicts, or there are verdicts on a problematic item.
        """
        verdicts = {row.class_id: row.verdict for row in self.verdicts}
        if len(verdicts) < len(self.verdicts):
            raise InputError("one verdict a class", got="two for the same class")
        if verdicts and self.problematic:
            raise InputError("either verdicts or a problematic item", got="both")
        kinds = tuple(row.as_answer() for row in self.kinds)
        return Adjudication(verdicts, self.problematic, kinds, clean_text(self.reason), self.labels)
