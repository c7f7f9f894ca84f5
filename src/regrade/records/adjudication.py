"""What adjudicators do: vote on what waits, and take decisions back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Pass


@dataclass(frozen=True, slots=True)
class BallotRow:
    """One adjudicator's vote on one (item, class), or on the item as a whole (`class_id` None)."""

    id: int
    """Ascending in time."""
    ballot: str
    """Names all that was voted together."""
    voter: str
    split: str
    item: int
    class_id: int | None
    pass_: Pass
    verdict: Verdict | None
    """First pass; None in the second, and for a problematic item. `correct` on the item as a whole: it is usable."""
    category: str | None
    severity: str | None
    reason: str
    labels: str
    """`NAME@N` that was in force when the vote was cast."""
    after: int | None
    """The newest decision on the same at that time; with a newer one the vote counts no more. None: there was none."""
    created_at: datetime

    @property
    def is_flag(self) -> bool:
        """Whether it says that the item is problematic."""
        return self.class_id is None and self.verdict is None


@dataclass(frozen=True, slots=True)
class Reopening:
    """A decision that an adjudicator took back."""

    line: int
    """Id of the line that took it back."""
    decision: Decision
    """What was taken back, with the version that carries it."""
    author: str
    """Who took it back."""
    reason: str
    at: datetime
