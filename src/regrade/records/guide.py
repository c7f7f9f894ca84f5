"""The class guide's own text: what the panel has written down about telling a class from its neighbors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class GuideText:
    """One version of what the panel says of a class. The newest is in force; the others are its history."""

    class_id: int
    number: int
    """Counts from 1 within the class."""
    text: str
    """Empty where the panel has taken its words back."""
    author: str
    created_at: datetime
