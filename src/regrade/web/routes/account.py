"""One's own account: the password, and tokens for one's programs."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.errors import ConflictError, InputError
from regrade.records.users import User
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.errors import Refusal, describe, retry_headers
from regrade.web.forms import read_new_password, require_field
from regrade.web.pages import Render
from regrade.web.sessions import client_address, set_session
from regrade.workflow.sessions import LoginError, TooManyAttemptsError, change_own_password
from regrade.workflow.tokens import list_tokens, make_token, revoke_token
from regrade.workflow.workspace import Workspace

router = APIRouter()
WRONG_PASSWORD = Refusal(403, "wrong_password", "That is not your present password.", remedy="Nothing was changed.")


@router.get("/account")
def show_account(ws: CurrentWorkspace, user: CurrentUser, page: Page, saved: str = "") -> Response:
    """Who one is here, and what one may change of it."""
    return _show(ws, user, page, password_saved=bool(saved))


@router.post("/account/password")
def change_password(request: Request, ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Choose another password: all other sessions and all tokens end, and this browser gets a new session."""
    try:
        token = change_own_password(
            ws, user, fields.get("present", ""), read_new_password(fields), client_address(request)
        )
    except LoginError:
        return _show(ws, user, page, password_error=WRONG_PASSWORD)
    except (ConflictError, InputError, TooManyAttemptsError) as error:
        return _show(ws, user, page, password_error=describe(error))
    response = RedirectResponse("/account?saved=1", status_code=303)
    set_session(request, response, token)
    return response


@router.post("/account/tokens")
def add_token(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Make a token, and show it this once."""
    label = fields.get("label", "").strip()
    try:
        token = make_token(ws, user.name, label)
    except (ConflictError, InputError) as error:
        return _show(ws, user, page, token_error=describe(error), label=label)
    return _show(ws, user, page, token=token, label=label)


@router.post("/account/tokens/revoke")
def end_token(ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
    """Make a token worth nothing."""
    revoke_token(ws, user.name, require_field(fields, "label"))
    return RedirectResponse("/account", status_code=303)


def _show(
    ws: Workspace,
    user: User,
    page: Render,
    *,
    password_saved: bool = False,
    password_error: Refusal | None = None,
    token_error: Refusal | None = None,
    token: str = "",
    label: str = "",
) -> Response:
    refusal = password_error or token_error
    return page(
        "account.html",
        status=refusal.status if refusal else 200,
        headers=retry_headers(refusal) if refusal else None,
        tokens=list_tokens(ws, user.name),
        password_saved=password_saved,
        password_error=password_error,
        token_error=token_error,
        token=token,
        label=label,
    )
