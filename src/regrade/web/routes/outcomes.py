"""What became of the items that a reviewer has answered."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regrade.web.deps import CurrentUser, CurrentWorkspace, Page
from regrade.workflow.outcomes import list_past, reveal_outcome

router = APIRouter()


@router.get("/review/past")
def show_past(ws: CurrentWorkspace, user: CurrentUser, page: Page) -> Response:
    """The items that the reviewer answered last, without what became of them."""
    return page("past.html", items=list_past(ws, user))


@router.get("/review/past/{token}")
def show_outcome(ws: CurrentWorkspace, user: CurrentUser, page: Page, token: str) -> Response:
    """What became of one of them; from now on what the reviewer says of it is marked."""
    return page("outcome.html", outcome=reveal_outcome(ws, user, token))
