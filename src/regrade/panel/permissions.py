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
    DISCUSS = "discuss"
    """Write the class guide, and comment on items that one has answered."""
    ADJUDICATE = "adjudicate"
    VIEW_RESULTS = "view results"
    """Overview, mistakes, label versions: whatever names a model or tells a label."""
    VIEW_PANEL = "view the panel"
    """How far reviewers agree, and how each of them does."""
    PUBLISH = "publish"
    MANAGE_USERS = "manage users"
    EDIT_PROTOCOL = "edit the protocol"
    VIEW_MEDIA = "view media"
    PROPOSE = "propose"
    """Say that an item shows a class that nobody was asked about."""


ALLOWED: Mapping[Role, frozenset[Action]] = {
    Role.REVIEWER: frozenset({Action.REVIEW, Action.DISCUSS, Action.VIEW_MEDIA}),
    Role.ADJUDICATOR: frozenset(
        {Action.ADJUDICATE, Action.DISCUSS, Action.VIEW_RESULTS, Action.VIEW_PANEL, Action.VIEW_MEDIA}
    ),
    Role.ADMIN: frozenset(Action),
    Role.VIEWER: frozenset({Action.VIEW_RESULTS, Action.VIEW_PANEL, Action.VIEW_MEDIA}),
    Role.PROPOSER: frozenset({Action.PROPOSE, Action.VIEW_MEDIA}),
}
"""What each role may do. While the protocol keeps any blind on, a reviewer is no viewer, whatever the roles say; where
it keeps none, every reviewer is one."""


def is_blind(protocol: Protocol) -> bool:
    """Whether results would tell a reviewer what must stay unknown.

    The page of an item alone tells models, roles, what others answered, and why a class was proposed.
    """
    return protocol.blind_model or protocol.blind_roles or protocol.blind_peers or protocol.blind_suggestions


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
    return any(action in ALLOWED[role] for role in _roles_that_count(user.roles, protocol))


def _roles_that_count(roles: frozenset[Role], protocol: Protocol) -> frozenset[Role]:
    if Role.REVIEWER not in roles:
        return roles
    return roles - {Role.VIEWER} if is_blind(protocol) else roles | {Role.VIEWER}


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
