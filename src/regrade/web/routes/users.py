"""The people of a workspace, for its admins: who takes part, in which roles, and since when nobody has seen them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.errors import ConflictError, InputError
from regrade.panel import is_blind
from regrade.records.users import Role
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.errors import describe
from regrade.web.forms import is_ticked, require_field
from regrade.web.pages import Render
from regrade.workflow.accounts import change_roles, disable_user, enable_user, list_accounts
from regrade.workflow.clock import now
from regrade.workflow.invitations import NewInvitation, invite_user, renew_invitation
from regrade.workflow.workspace import Workspace

router = APIRouter()


@router.get("/users")
def show_users(ws: CurrentWorkspace, page: Page, change: str = "") -> Response:
    """All users; `change` opens one of them."""
    return _show(ws, page, change=change)


@router.post("/users/invite")
def invite(request: Request, ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Add somebody who has yet to choose a password, and show the link."""
    name, roles = fields.get("name", "").strip(), _read_roles(fields)
    try:
        made = invite_user(ws, name, roles, by=user.name)
    except (ConflictError, InputError) as error:
        return _show(ws, page, error=error, name=name, roles=roles)
    return _show(ws, page, link=_link(request, made), invited=made)


@router.post("/users/link")
def make_link(request: Request, ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Show a new link to somebody who lost one, or forgot the password."""
    name = require_field(fields, "name")
    try:
        made = renew_invitation(ws, name, by=user.name)
    except ConflictError as error:
        return _show(ws, page, error=error, change=name)
    return _show(ws, page, link=_link(request, made), invited=made)


@router.post("/users/roles")
def give_roles(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Give a user other roles."""
    name, roles = require_field(fields, "name"), _read_roles(fields)
    return _change(ws, page, name, lambda: change_roles(ws, name, roles, by=user.name))


@router.post("/users/disable")
def disable(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Keep a user out."""
    name = require_field(fields, "name")
    return _change(ws, page, name, lambda: disable_user(ws, name, by=user.name))


@router.post("/users/enable")
def enable(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Let a user in again."""
    name = require_field(fields, "name")
    return _change(ws, page, name, lambda: enable_user(ws, name, by=user.name))


def _change(ws: Workspace, page: Render, name: str, act: Callable[[], object]) -> Response:
    """Do it and show the list; or show why not, with the user's row still open."""
    try:
        act()
    except (ConflictError, InputError) as error:
        return _show(ws, page, error=error, change=name)
    return RedirectResponse("/users", status_code=303)


def _show(
    ws: Workspace,
    page: Render,
    *,
    change: str = "",
    error: Exception | None = None,
    name: str = "",
    roles: frozenset[Role] = frozenset(),
    link: str = "",
    invited: NewInvitation | None = None,
) -> Response:
    refusal = describe(error) if error else None
    return page(
        "users.html",
        status=refusal.status if refusal else 200,
        accounts=list_accounts(ws),
        now=now(),
        all_roles=list(Role),
        blind=is_blind(ws.protocol),
        change=change,
        error=refusal,
        name=name,
        roles=roles,
        link=link,
        invited=invited,
    )


def _read_roles(fields: Mapping[str, str]) -> frozenset[Role]:
    """The roles that were ticked; other boxes are none of ours."""
    return frozenset(role for role in Role if is_ticked(fields, f"role-{role}"))


def _link(request: Request, made: NewInvitation) -> str:
    """The whole address, as the browser knows this server: a proxy may speak https for us."""
    return f"{request.headers.get('origin') or str(request.base_url).rstrip('/')}{made.path}"
