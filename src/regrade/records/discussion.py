"""What the panel says to each other about an item, and who has been shown what became of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from regrade.records.panel import Pass


@dataclass(frozen=True, slots=True)
class Comment:
    """One remark under an item, about one pass of it: those may read it who have answered that pass."""

    id: int
    """Ascending in time."""
    split: str
    item: int
    """Position in the split."""
    pass_: Pass
    author: str
    text: str
    created_at: datetime


class Shown(StrEnum):
    """What a reviewer has been shown of an item that others know more about."""

    OUTCOME = "outcome"
    """What the panel decided, what others answered, what models said."""
    DISCUSSION = "discussion"
    """What others say about it."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """A reviewer was shown something of an item that was kept from them while they answered."""

    reviewer: str
    split: str
    item: int
    pass_: Pass
    shown: Shown
    at: datetime
