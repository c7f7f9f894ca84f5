"""The people of a workspace, for its admins."""

from __future__ import annotations

from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.users import AccountOut, InvitationOut, NameIn, RolesIn, UserOut
from regrade.workflow.accounts import change_roles, disable_user, enable_user, list_accounts
from regrade.workflow.invitations import invite_user, renew_invitation

router = make_router("users")
CHANGE = declare(404, 409, 413, 415)


@router.get("/users", responses=declare())
def list_people(ws: CurrentWorkspace) -> list[AccountOut]:
    """All users by name, each with state, last visit and number of answers."""
    return [AccountOut.of(account) for account in list_accounts(ws)]


@router.post("/users", status_code=201, responses=CHANGE)
def invite(ws: CurrentWorkspace, user: CurrentUser, asked: RolesIn) -> InvitationOut:
    """Add somebody who has yet to choose a password, and get the link by which that is done."""
    return InvitationOut.of(invite_user(ws, asked.name, asked.roles, by=user.name))


@router.post("/users/link", status_code=201, responses=CHANGE)
def renew_link(ws: CurrentWorkspace, user: CurrentUser, asked: NameIn) -> InvitationOut:
    """A new link for somebody who lost one, or forgot the password; an earlier one ends."""
    return InvitationOut.of(renew_invitation(ws, asked.name, by=user.name))


@router.post("/users/roles", responses=CHANGE)
def give_roles(ws: CurrentWorkspace, user: CurrentUser, asked: RolesIn) -> UserOut:
    """Give a user these roles in place of those before, from the next request on."""
    return UserOut.of(change_roles(ws, asked.name, asked.roles, by=user.name))


@router.post("/users/disable", status_code=204, responses=CHANGE)
def disable(ws: CurrentWorkspace, user: CurrentUser, asked: NameIn) -> None:
    """Keep a user out: sessions, tokens and invitation end at once and for good, reviews stay."""
    disable_user(ws, asked.name, by=user.name)


@router.post("/users/enable", status_code=204, responses=CHANGE)
def enable(ws: CurrentWorkspace, user: CurrentUser, asked: NameIn) -> None:
    """Let a disabled user in again, with the same password and roles."""
    enable_user(ws, asked.name, by=user.name)
