"""The page of one item."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_decided, read_time, require_field
from regrade.web.text import clean_text
from regrade.workflow.item import load_item
from regrade.workflow.reopen import SeenDecision, reopen

router = APIRouter()


@router.get("/items/{token}")
def show_item(request: Request, ws: CurrentWorkspace, page: Page, token: str) -> Response:
    """Everything that is known of one item; the query is the gallery's that led here."""
    query = request.url.query
    return page("item.html", item=load_item(ws, token), back=f"/mistakes?{query}" if query else "/mistakes")


@router.post("/items/{token}/{pass_name}/reopen")
def reopen_decision(ws: CurrentWorkspace, user: CurrentUser, fields: Fields, token: str, pass_name: Pass) -> Response:
    """Take a decision back, then go to where it waits to be taken anew."""
    key, reason = require_field(fields, "key"), clean_text(fields.get("reason", ""))
    seen = SeenDecision(token, pass_name, read_decided(fields), read_time(fields, "decided_at"))
    reopen(ws, user, seen, reason=reason, key=f"reopen-{key}")
    return RedirectResponse(f"/adjudicate/{pass_name}/{token}", status_code=303)
