"""The page of one item."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from regrade.web.deps import CurrentWorkspace, Page
from regrade.workflow.item import load_item

router = APIRouter()


@router.get("/items/{token}")
def show_item(request: Request, ws: CurrentWorkspace, page: Page, token: str) -> Response:
    """Everything that is known of one item; the query is the gallery's that led here."""
    query = request.url.query
    return page("item.html", item=load_item(ws, token), back=f"/mistakes?{query}" if query else "/mistakes")
