"""People and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

UserKind = Literal["password", "local", "external"]
"""`local` enters by a one-time link; `external` stands for a panel elsewhere and never enters."""

AccountState = Literal["active", "invited", "disabled"]
"""`invited`: has not chosen a password yet."""


class Role(StrEnum):
    """What a user may do; an admin may do everything."""

    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    ADMIN = "admin"
    VIEWER = "viewer"
    """Sees the results and changes nothing."""
    PROPOSER = "proposer"
    """Says that an item shows a class that nobody was asked about; sees nothing else of the panel's work."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who takes part, or looks on."""

    name: str
    kind: UserKind
    roles: frozenset[Role]
    disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A user with what an admin wants to know of one."""

    user: User
    has_password: bool
    """False for the local user, for a panel elsewhere, and for somebody who has not taken up the invitation."""
    invited_until: datetime | None
    """When the link runs out by which the user may choose a password; None: there is none."""
    last_seen: datetime | None
    """When the user last entered or changed something; None: never."""
    n_screens: int
    """Screens answered and not taken back; of a panel elsewhere, judgements imported."""

    @property
    def state(self) -> AccountState:
        """Whether the user may enter."""
        if self.user.disabled:
            return "disabled"
        return "invited" if self.user.kind == "password" and not self.has_password else "active"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which a user may choose a password, once."""

    user: str
    expires_at: datetime


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
