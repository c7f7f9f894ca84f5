"""People, what they may do, and how they and their programs enter."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

from regrade.records.users import AccountState, Role, UserKind
from regrade.web.schemas.base import In, Out

Roles = Annotated[list[Role], BeforeValidator(sorted)]

RoleWord = Annotated[Role, Field(strict=False)]
"""JSON has no enumerations of ours: the word stands for the role."""


class MeOut(Out):
    """Who asks."""

    name: str
    roles: Roles
    actions: list[str]
    """What these roles allow, under the protocol in force."""


class UserOut(Out):
    """Somebody who takes part, or looks on."""

    name: str
    kind: UserKind
    """`local` enters by a one-time link; `external` stands for a panel elsewhere and never enters."""
    roles: Roles
    disabled: bool
    created_at: datetime


class AccountOut(Out):
    """A user with what an admin wants to know of one."""

    user: UserOut
    state: AccountState
    has_password: bool
    invited_until: datetime | None
    """When the link runs out by which the user may choose a password; null: there is none."""
    last_seen: datetime | None
    """When the user last entered or changed something; null: never."""
    n_screens: int
    """Screens answered and not taken back; of a panel elsewhere, judgements imported."""


class NameIn(In):
    """A user by name."""

    name: str


class RolesIn(NameIn):
    """A user and the roles that the user is to have."""

    roles: list[RoleWord]


class InvitationOut(Out):
    """A link by which a user may choose a password, once. It is shown this once."""

    user: str
    path: str
    """To be put behind the server's address."""
    expires_at: datetime


class TokenOut(Out):
    """What is known of a token: the token itself was shown once."""

    label: str
    created_at: datetime


class LabelIn(In):
    """A token by what its user calls it."""

    label: str


class NewTokenOut(Out):
    """A token, shown this once."""

    label: str
    token: str
