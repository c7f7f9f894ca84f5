"""People and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

UserKind = Literal["password", "local", "external"]
"""`local` enters by a one-time link; `external` stands for a panel elsewhere and never enters."""


class Role(StrEnum):
    """What a user may do; an admin may do everything."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who reviews, adjudicates or administers."""

    name: str
    kind: UserKind
    roles: frozenset[Role]
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What is kept of a token by which a program of the user's asks; the token itself was shown once."""

    label: str
    """What the user calls it; unique among the user's tokens."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the append-only record of who did what."""

    seq: int
    """1-based, without gaps."""
    at: datetime
    actor: str
    action: str
    """`review.save`, `labels.publish`, ..."""
    facts: dict[str, object]
