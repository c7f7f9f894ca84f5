"""Taking up an invitation: a form that uses nothing up, and the password that does."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.errors import InputError
from regrade.web.deps import CurrentWorkspace, Fields, Page
from regrade.web.errors import Refusal, describe, respond
from regrade.web.forms import read_new_password
from regrade.web.pages import Render
from regrade.web.sessions import client_address, end_old_session, set_session
from regrade.workflow.invitations import INVITATION_PATH, accept_invitation, find_invitation
from regrade.workflow.sessions import LoginError
from regrade.workflow.workspace import Workspace

router = APIRouter()


@router.get(INVITATION_PATH)
def show_invitation(request: Request, ws: CurrentWorkspace, page: Page, token: str = "") -> Response:
    """The form to choose a password. Opening it (a mail program may do so, too) leaves the link as it is."""
    try:
        return _show(request, ws, page, token)
    except LoginError as error:
        return _refuse(request, error)


@router.post(INVITATION_PATH)
def take_up(request: Request, ws: CurrentWorkspace, page: Page, fields: Fields) -> Response:
    """Use the link up, and enter."""
    secret = fields.get("token", "")
    try:
        try:
            session = accept_invitation(ws, secret, read_new_password(fields), address=client_address(request))
        except InputError as error:
            return _show(request, ws, page, secret, error=describe(error))
    except LoginError as error:
        return _refuse(request, error)
    end_old_session(request, ws)
    response = RedirectResponse("/login", status_code=303)  # sends everybody to their first page
    set_session(request, response, session)
    return response


def _show(request: Request, ws: Workspace, page: Render, secret: str, *, error: Refusal | None = None) -> Response:
    found = find_invitation(ws, secret, address=client_address(request))
    return page(
        "invitation.html",
        status=error.status if error else 200,
        invitation=found,
        token=secret,
        error=error,
    )


def _refuse(request: Request, error: LoginError) -> Response:
    return respond(replace(describe(error), title="This link is no longer good"), request)
