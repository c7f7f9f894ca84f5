"""What a panel hands on to another workspace: proposals, reviews, votes and decisions, as one record in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from regrade.errors import InputError
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Purpose


class EntryKind(StrEnum):
    """What one line of the record tells."""

    REVIEW = "review"
    PROPOSAL = "proposal"
    """Somebody's word that an item shows a class."""
    VOTE = "vote"
    """An adjudicator's vote."""
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an entry stands in its file: for messages only."""

    where: str
    """The file, and what part of it."""
    row: int | None = None
    """Row as people count it; None where the file has no rows."""

    def error(self, expected: str, *, got: str, remedy: str = "") -> InputError:
        """The error for this entry."""
        return InputError(expected, got=got, remedy=remedy, where=self.where, row=self.row)


NOWHERE = Spot("")


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """One review, proposal, vote or decision on one (item, class) as it travels.

    Without a class it is about the item itself: whether that is problematic.
    """

    kind: EntryKind
    submission: str
    """Names what was sent together; empty for a proposal or decision."""
    author: str
    """Who reviewed, proposed or voted; for a decision who decided, as it stands there."""
    item: int
    """Position in the split."""
    class_id: int | None
    pass_: Pass
    verdict: Verdict | None = None
    problematic: bool = False
    category: str | None = None
    severity: str | None = None
    note: str = ""
    """For a proposal, vote or decision the reason."""
    discuss: bool = False
    added: bool = False
    revealed: bool = False
    """As a review's: no independent answer."""
    purpose: Purpose = Purpose.PANEL
    origin: Origin | None = None
    """Why the class was asked about; None: nothing is said of it."""
    method: DecisionMethod | None = None
    """Decisions only."""
    held: bool = False
    """A decision that an adjudicator took back: what was said before settles it no more."""
    labels: str | None = None
    """`NAME@N` that was shown, or decided against; None: nothing is said of it."""
    published_in: str | None = None
    """Decisions only: the version that carried it. Tells where it comes from, and is not taken over."""
    source: str | None = None
    """As a review's."""
    protocol: int | None = None
    """Version of the other workspace's protocol. Tells where it comes from, and is not taken over."""
    seconds: float | None = None
    """Time on the screen."""
    created_at: datetime | None = None
    """None: nothing is said of it."""
    withdrawn_at: datetime | None = None
    """When the reviewer undid it; None: it stands."""
    withdrawn_revealed: bool = False
    """Undone by a reviewer who had been shown something of the item that others know more about."""
    spot: Spot = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class PanelRecord:
    """All that a file says of a panel's work, in the order in which it happened."""

    entries: tuple[PanelEntry, ...]
    warnings: tuple[str, ...] = ()
    """What was left out, in words."""


@dataclass(frozen=True, slots=True)
class PanelMerge:
    """What a file brings that is not here yet."""

    new: tuple[PanelEntry, ...]
    """In the order of the file."""
    undone: tuple[PanelEntry, ...]
    """Reviews that are here, and that their reviewers have undone since, elsewhere."""
    kept: tuple[PanelEntry, ...]
    """Decisions that are not taken over, since something else was decided here."""
    n_differing: int
    """Questions among those on which the decision in force here says something else than the file's."""


@dataclass(frozen=True, slots=True)
class ShownClass:
    """A class as a questionnaire shows it."""

    class_id: int
    key: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class QuestionSheet:
    """What a panel elsewhere is asked at once: one item and some classes. Names no model, role or peer's answer."""

    token: str
    """Stands for the item, and tells nothing of it."""
    media: str
    """Where the item's image is; empty where it has none."""
    pass_: Pass
    labels: str
    """`NAME@N` in force when it was written."""
    questionnaire: str
    """Names the file that it stands in: an item that comes back in a later one is answered anew."""
    classes: tuple[ShownClass, ...]
    """In the random order in which they are shown; in the second pass the one that was decided wrong."""
    accepted: tuple[ShownClass, ...] = ()
    """Second pass only, where roles are shown: the classes accepted now."""


@dataclass(frozen=True, slots=True)
class AnsweredSheet:
    """A question with the answers that it was given, for people who go on from them elsewhere."""

    sheet: QuestionSheet
    item_id: str
    answers: tuple[tuple[PanelEntry, ...], ...]
    """One a submission, in the order of time; each holds what it says of the sheet's classes."""
