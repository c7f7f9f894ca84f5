"""Items, their images, and the decisions on them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response

from regrade.records.panel import Pass
from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.parameters import Limit, Offset, Split, Token
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.routes.media import answer_with_image
from regrade.web.schemas.items import DecisionsOut, ItemDecisionOut, ItemOut, ReopeningIn
from regrade.web.schemas.review import ReceiptOut
from regrade.web.text import clean_text
from regrade.workflow.decisions import list_decisions
from regrade.workflow.item import load_item
from regrade.workflow.reopen import SeenDecision, reopen

router = make_router("items")
IMAGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The image.", "content": {"image/png": {}, "image/jpeg": {}}},
    304: {"description": "It is still what `If-None-Match` knows it by."},
}


@router.get("/items/{token}", responses=declare(404))
def show_item(ws: CurrentWorkspace, token: Token) -> ItemOut:
    """Everything that is known of one item: verdicts, models, reviews and decisions, class by class."""
    return ItemOut.of(load_item(ws, token))


@router.post("/decisions/reopen", responses=declare(404, 409, 413, 415))
def reopen_decision(
    ws: CurrentWorkspace, user: CurrentUser, *, key: IdempotencyKey, reopening: ReopeningIn
) -> ReceiptOut:
    """Take a decision back, with a reason: it waits for an adjudicator then, and versions that rest on it say so."""
    at = reopening
    seen = SeenDecision(at.token, at.pass_, at.class_id, at.decided_at)
    return ReceiptOut.of(reopen(ws, user, seen, reason=clean_text(at.reason), key=key))


@router.get("/media/{token}", response_class=Response, responses=IMAGE | declare(404))
async def send_image(
    request: Request,
    ws: CurrentWorkspace,
    token: Token,
    size: Annotated[Literal["full", "thumb"], Query(description="Whole, or small.")] = "full",
) -> Response:
    """An item's image, encoded anew."""
    return await answer_with_image(request, ws, token, size)


@router.get("/decisions", responses=declare(404))
def show_decisions(
    ws: CurrentWorkspace,
    *,
    pass_: Annotated[Pass | None, Query(alias="pass", description="Only of this pass.")] = None,
    unpublished: Annotated[bool, Query(description="Only those that no version carries yet.")] = False,
    split: Split = "main",
    offset: Offset = 0,
    limit: Limit = 100,
) -> DecisionsOut:
    """The panel's decisions that are in force, oldest first."""
    found = list_decisions(ws, pass_=pass_, unpublished=unpublished, split=split)
    return DecisionsOut(
        n_total=len(found), decisions=[ItemDecisionOut.of(row) for row in found[offset : offset + limit]]
    )
