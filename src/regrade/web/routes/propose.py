"""Proposing: find an item, say which class it shows and why, and follow what became of it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.users import User
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.errors import describe
from regrade.web.forms import read_class, require_field
from regrade.web.pages import Render
from regrade.workflow.propose import MAX_REASON_LENGTH, find_proposed_item, list_proposals, propose_class
from regrade.workflow.workspace import Workspace

router = APIRouter()


@router.get("/propose")
def show_proposals(ws: CurrentWorkspace, user: CurrentUser, page: Page, item: str = "") -> Response:
    """One's own proposals, and the form for one more once an item is named."""
    return _show(ws, user, page, item)


@router.post("/propose")
def propose(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields) -> Response:
    """Send a proposal to the panel."""
    item, key = require_field(fields, "item"), require_field(fields, "key")
    reason = fields.get("reason", "").replace("\r\n", "\n")
    try:
        propose_class(ws, user, item, read_class(ws, fields), reason, key=f"propose-{key}")
    except (ConflictError, InputError) as error:
        return _show(ws, user, page, item, error=error, reason=reason, named=fields.get("class", ""))
    return RedirectResponse("/propose", status_code=303)


def _show(
    ws: Workspace,
    user: User,
    page: Render,
    item_id: str,
    *,
    error: Exception | None = None,
    reason: str = "",
    named: str = "",
) -> Response:
    found = None
    if item_id:
        try:
            found = find_proposed_item(ws, user, item_id)
        except NotFoundError as missing:
            error = missing
    refusal = describe(error) if error else None
    return page(
        "propose.html",
        status=refusal.status if refusal else 200,
        item=found,
        item_id=item_id,
        error=refusal,
        reason=reason,
        named=named,
        max_reason=MAX_REASON_LENGTH,
        is_blind=ws.protocol.blind_suggestions,
        proposals=list_proposals(ws, user),
    )
