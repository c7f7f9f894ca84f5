"""The page of one item."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.errors import InputError
from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_decided, read_time, require_field
from regrade.web.text import clean_text
from regrade.workflow.item import load_item
from regrade.workflow.mistake_filters import parse_filters
from regrade.workflow.mistakes import Steps, find_steps
from regrade.workflow.reopen import SeenDecision, reopen
from regrade.workflow.workspace import Workspace

router = APIRouter()


@router.get("/items/{token}")
def show_item(request: Request, ws: CurrentWorkspace, page: Page, token: str) -> Response:
    """Everything that is known of one item; the query is the gallery's that led here."""
    query = f"?{request.url.query}" if request.url.query else ""
    steps = _find_steps(ws, token, request.query_params)
    return page("item.html", item=load_item(ws, token), back=f"/mistakes{query}", query=query, steps=steps)


def _find_steps(ws: Workspace, token: str, query: Mapping[str, str]) -> Steps | None:
    """The items on both sides in the gallery; None also where the address has no filters that there are."""
    try:
        filters = parse_filters(query)
    except InputError:
        return None
    return find_steps(ws, token, filters)


@router.post("/items/{token}/{pass_name}/reopen")
def reopen_decision(ws: CurrentWorkspace, user: CurrentUser, fields: Fields, token: str, pass_name: Pass) -> Response:
    """Take a decision back, then go to where it waits to be taken anew."""
    key, reason = require_field(fields, "key"), clean_text(fields.get("reason", ""))
    seen = SeenDecision(token, pass_name, read_decided(fields), read_time(fields, "decided_at"))
    reopen(ws, user, seen, reason=reason, key=f"reopen-{key}")
    return RedirectResponse(f"/adjudicate/{pass_name}/{token}", status_code=303)
