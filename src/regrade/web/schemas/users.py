"""People and what they may do."""

from __future__ import annotations

from regrade.records.users import Role
from regrade.web.schemas.base import Out


class MeOut(Out):
    """Who asks."""

    name: str
    roles: list[Role]
    actions: list[str]
    """What these roles allow, under the protocol in force."""
