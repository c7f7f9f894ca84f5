"""One's own tokens."""

from __future__ import annotations

from starlette.requests import Request

from regrade.errors import PermissionDeniedError
from regrade.web.api.routing import declare, make_router
from regrade.web.bearer import read_bearer
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.users import LabelIn, NewTokenOut, TokenOut
from regrade.workflow.tokens import list_tokens, make_token, revoke_token

router = make_router("tokens")
CHANGE = declare(404, 409, 413, 415)


@router.get("/tokens", responses=declare())
def show_tokens(ws: CurrentWorkspace, user: CurrentUser) -> list[TokenOut]:
    """Your tokens by label."""
    return [TokenOut.of(token) for token in list_tokens(ws, user.name)]


@router.post("/tokens", status_code=201, responses=CHANGE)
def add_token(request: Request, ws: CurrentWorkspace, user: CurrentUser, asked: LabelIn) -> NewTokenOut:
    """A new token, shown this once. Only who has logged in gets one: a token that leaked must not make others."""
    if read_bearer(request.scope) is not None:
        raise PermissionDeniedError(
            "A token makes no other tokens.", remedy="Log in and make it on the page of your account."
        )
    return NewTokenOut(label=asked.label, token=make_token(ws, user.name, asked.label))


@router.post("/tokens/revoke", status_code=204, responses=CHANGE)
def end_token(ws: CurrentWorkspace, user: CurrentUser, asked: LabelIn) -> None:
    """Make a token worth nothing."""
    revoke_token(ws, user.name, asked.label)
