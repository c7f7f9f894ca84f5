"""Talking about items: the list of topics, and one thread."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import require_field
from regrade.workflow.discussion import MAX_COMMENT, add_comment, list_topics, load_discussion

router = APIRouter()


@router.get("/discuss")
def show_topics(ws: CurrentWorkspace, user: CurrentUser, page: Page) -> Response:
    """What was flagged or commented on, as far as the user may read it."""
    return page("topics.html", topics=list_topics(ws, user))


@router.get("/discuss/{pass_name}/{token}")
def show_discussion(ws: CurrentWorkspace, user: CurrentUser, page: Page, pass_name: Pass, token: str) -> Response:
    """One thread with its form."""
    return page("discussion.html", talk=load_discussion(ws, user, token, pass_name), max_comment=MAX_COMMENT)


@router.post("/discuss/{pass_name}/{token}")
def comment(ws: CurrentWorkspace, user: CurrentUser, fields: Fields, pass_name: Pass, token: str) -> Response:
    """Say something; it stays."""
    key = f"comment-{require_field(fields, 'key')}"
    add_comment(ws, user, token, pass_name, fields.get("text", ""), key=key)
    return RedirectResponse(f"/discuss/{pass_name}/{token}", status_code=303)
