"""The page of one item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from regrade.errors import InputError
from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_decided, read_time, require_field
from regrade.web.routes.mistakes import address_of, read_filters
from regrade.web.text import clean_text
from regrade.workflow.item import load_item
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import find_steps
from regrade.workflow.reopen import SeenDecision, reopen

router = APIRouter()


@router.get("/items/{token}")
def show_item(request: Request, ws: CurrentWorkspace, page: Page, token: str) -> Response:
    """Everything that is known of one item; the query is the gallery's that led here."""
    query = f"?{request.url.query}" if request.url.query else ""
    filters = _read_filters(request.query_params)
    steps = None if filters is None else find_steps(ws, token, filters)
    back = f"/mistakes{query}"
    if filters is not None and steps is not None:  # one may have walked on to another page of the gallery
        back = address_of(replace(filters, offset=steps.tile // filters.limit * filters.limit))
    return page("item.html", item=load_item(ws, token), back=back, query=query, steps=steps)


def _read_filters(query: Mapping[str, str]) -> MistakeFilters | None:
    """The gallery's filters; None where the address has some that there are not."""
    try:
        return read_filters(query)
    except InputError:
        return None


@router.post("/items/{token}/{pass_name}/reopen")
def reopen_decision(ws: CurrentWorkspace, user: CurrentUser, fields: Fields, token: str, pass_name: Pass) -> Response:
    """Take a decision back, then go to where it waits to be taken anew."""
    key, reason = require_field(fields, "key"), clean_text(fields.get("reason", ""))
    seen = SeenDecision(token, pass_name, read_decided(fields), read_time(fields, "decided_at"))
    reopen(ws, user, seen, reason=reason, key=f"reopen-{key}")
    return RedirectResponse(f"/adjudicate/{pass_name}/{token}", status_code=303)
