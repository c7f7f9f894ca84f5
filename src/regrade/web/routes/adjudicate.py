"""Adjudication: the list of what waits, and one item with its reviews side by side."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_adjudication, require_field
from regrade.workflow.adjudicate import adjudicate
from regrade.workflow.disputes import list_disputes, load_dispute
from regrade.workflow.posteriors import suggest_verdicts
from regrade.workflow.vote_outcomes import find_saved_vote

router = APIRouter()


@router.get("/adjudicate")
def show_disputes(ws: CurrentWorkspace, user: CurrentUser, page: Page, saved: str = "") -> Response:
    """All items that wait, and what came of what was saved last."""
    return page("disputes.html", disputes=list_disputes(ws, user=user), saved=find_saved_vote(ws, user, saved))


@router.get("/adjudicate/{pass_name}/{token}")
def show_dispute(
    ws: CurrentWorkspace, user: CurrentUser, page: Page, *, pass_name: Pass, token: str, saved: str = ""
) -> Response:
    """One item that waits, and what came of what was saved last."""
    dispute = load_dispute(ws, token, pass_name, user=user)
    classes = [row.card.class_id for row in dispute.classes] if pass_name is Pass.VERDICT else []
    return page(
        "dispute.html",
        dispute=dispute,
        taxonomy=ws.settings.taxonomy,
        suggested=suggest_verdicts(ws, token, classes),
        saved=find_saved_vote(ws, user, saved),
    )


@router.post("/adjudicate/{pass_name}/{token}")
def decide(ws: CurrentWorkspace, user: CurrentUser, fields: Fields, pass_name: Pass, token: str) -> Response:
    """Decide or vote, then go on to the next one that this adjudicator has not voted on."""
    key = require_field(fields, "key")
    adjudicate(ws, user, token, pass_name, read_adjudication(ws, fields), key=key)
    waiting = [row for row in list_disputes(ws, user=user) if not row.poll.voted]
    target = f"/adjudicate/{waiting[0].pass_}/{waiting[0].token}" if waiting else "/adjudicate"
    return RedirectResponse(f"{target}?{urlencode({'saved': key})}", status_code=303)
