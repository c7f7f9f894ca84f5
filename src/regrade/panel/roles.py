"""Which roles go together, and who keeps the keys: rules for those who change other people's roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from regrade.errors import InputError
from regrade.panel.permissions import is_blind
from regrade.records.panel import Protocol
from regrade.records.users import Role, User


def check_roles(roles: Collection[Role], protocol: Protocol) -> None:
    """Raise unless one person may have these roles at once.

    Somebody who reviews blind may not look at the results on the side. An adjudicator and an admin see them by their
    office: whoever has that and reviews, too, does not review blind, and a small panel may have to live with it.

    Args:
        roles: All roles that the person would have.
        protocol: Decides whether reviewers are blind.

    Raises:
        InputError: There is none, or a blind reviewer would be a viewer.
    """
    if not roles:
        raise InputError("at least one role", got="none", remedy=f"Choose from {', '.join(Role)}.")
    if {Role.REVIEWER, Role.VIEWER} <= set(roles) and is_blind(protocol):
        raise InputError(
            "a viewer or a reviewer",
            got="both, while reviewers are blind",
            remedy="Leave out one of the two, or switch all blinds of the protocol off.",
        )


def has_admin(users: Iterable[User], with_password: Collection[str]) -> bool:
    """Whether somebody can enter who may let others in.

    While nobody can enter by a password, that is the local user with the one-time link (who is made with the first
    link, if there was none yet).

    Args:
        users: Everybody, disabled users included.
        with_password: Names of those who have a password.

    Returns:
        False if all would be locked out.
    """
    users = tuple(users)
    by_password = [
        user for user in users if user.kind == "password" and not user.disabled and user.name in with_password
    ]
    local = [user for user in users if user.kind == "local"]
    if not by_password and not local:
        return True
    return any(Role.ADMIN in user.roles and not user.disabled for user in by_password or local)
