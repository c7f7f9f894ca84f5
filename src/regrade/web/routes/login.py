"""Logging in and out."""

from __future__ import annotations

import re

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.panel import Action, may
from regrade.records.users import User
from regrade.web.deps import CurrentWorkspace, Fields, Page
from regrade.web.errors import describe, retry_headers
from regrade.web.pages import wants_html
from regrade.web.sessions import clear_session, client_address, end_old_session, set_session
from regrade.workflow.accounts import has_users
from regrade.workflow.sessions import LoginError, TooManyAttemptsError, log_in, open_link
from regrade.workflow.workspace import Workspace

router = APIRouter()
OWN_PAGE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""An address on this server: a second slash or a backslash could lead to another."""


@router.get("/login")
def show_login(request: Request, ws: CurrentWorkspace, page: Page, next: str = "") -> Response:
    """The log-in form."""
    user: User | None = request.state.user
    if user is not None:
        return RedirectResponse(_own_page(next) or _home(ws, user), status_code=303)
    return page("login.html", next=_own_page(next), name="", error=None, has_users=has_users(ws))


@router.post("/login")
def log_in_here(request: Request, ws: CurrentWorkspace, page: Page, fields: Fields) -> Response:
    """Check name and password, and open a session of its own."""
    name, target = fields.get("name", ""), _own_page(fields.get("next", ""))
    try:
        token = log_in(ws, name, fields.get("password", ""), client_address(request))
    except (LoginError, TooManyAttemptsError) as error:
        if not wants_html(request):
            raise
        refusal = describe(error)
        return page(
            "login.html",
            status=refusal.status,
            headers=retry_headers(refusal),
            next=target,
            name=name,
            error=refusal,
            has_users=True,
        )
    end_old_session(request, ws)
    response = RedirectResponse(target or "/login", status_code=303)  # /login sends everybody to their first page
    set_session(request, response, token)
    return response


@router.get("/enter")
def enter(request: Request, ws: CurrentWorkspace, token: str = "") -> Response:
    """Use up a one-time link."""
    response = RedirectResponse("/", status_code=303)
    try:
        set_session(request, response, open_link(ws, token))
    except LoginError:
        if request.state.user is None:
            raise
    return response


@router.post("/logout")
def log_out_here(request: Request, ws: CurrentWorkspace) -> Response:
    """End the session."""
    end_old_session(request, ws)
    response = RedirectResponse("/login", status_code=303)
    clear_session(request, response)
    return response


def _home(ws: Workspace, user: User) -> str:
    for action, page in ((Action.VIEW_RESULTS, "/"), (Action.REVIEW, "/review"), (Action.PROPOSE, "/propose")):
        if may(user, action, protocol=ws.protocol):
            return page
    return "/account"


def _own_page(address: str) -> str:
    """The address if it is a page of this server, else nothing; its root is not everybody's first page."""
    return address if address != "/" and OWN_PAGE.fullmatch(address) else ""
