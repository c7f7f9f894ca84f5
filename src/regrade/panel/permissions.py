"""Who may do what: the one table of roles and actions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from regrade.errors import PermissionDeniedError
from regrade.records.panel import Protocol
from regrade.records.users import Role, User


class Action(StrEnum):
    """What somebody asks to do."""

    REVIEW = "review"
    ADJUDICATE = "adjudicate"
    VIEW_RESULTS = "view results"
    """Overview, mistakes, label versions: whatever names a model or tells a label."""
    PUBLISH = "publish"
    MANAGE_USERS = "manage users"
    VIEW_MEDIA = "view media"


ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.REVIEWER: frozenset({Action.REVIEW, Action.VIEW_MEDIA}),
    Role.ADJUDICATOR: frozenset({Action.ADJUDICATE, Action.VIEW_RESULTS, Action.VIEW_MEDIA}),
    Role.ADMIN: frozenset(Action),
}
"""What each role may do. A reviewer may also view results where the protocol blinds neither models nor roles."""


def may(user: User, action: Action, *, protocol: Protocol) -> bool:
    """Whether a user may do something, by any of the user's roles.

    Args:
        user: Who asks. A disabled user and one who stands for a panel elsewhere may do nothing.
        action: What is asked.
        protocol: Decides whether results would tell a reviewer what must stay unknown.

    Returns:
        True if one of the roles allows it; False also for a user without roles.
    """
    if user.disabled or user.kind == "external":
        return False
    if any(action in ALLOWED[role] for role in user.roles):
        return True
    unblinded = not (protocol.blind_model or protocol.blind_roles)
    return action is Action.VIEW_RESULTS and unblinded and Role.REVIEWER in user.roles


def require(user: User, action: Action, *, protocol: Protocol) -> None:
    """Raise unless the user may do it.

    Args:
        user: Who asks.
        action: What is asked.
        protocol: As for `may`.

    Raises:
        PermissionDeniedError: The user may not; the message names the roles that may.
    """
    if may(user, action, protocol=protocol):
        return
    if user.disabled or user.kind == "external":
        state = "is disabled" if user.disabled else "stands for a panel elsewhere"
        raise PermissionDeniedError(f"{user.name} {state} and may not {action}.")
    roles = " or ".join(role for role in Role if action in ALLOWED[role])
    raise PermissionDeniedError(
        f"{user.name} may not {action}: expected the role {roles}; got {', '.join(sorted(user.roles)) or 'no role'}.",
        remedy="Ask an admin for the role.",
    )
