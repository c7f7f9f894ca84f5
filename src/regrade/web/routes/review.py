"""Reviewing: two queues of the same shape. Plain forms and the page's script use the same addresses."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from regrade.records.panel import Pass
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import read_answers, require_field
from regrade.web.pages import wants_html
from regrade.web.schemas import ClassOut, ReceiptOut
from regrade.workflow.guide import search_classes
from regrade.workflow.receipts import Receipt
from regrade.workflow.review import answer_screen, load_queue, skip_screen, undo_last

router = APIRouter()
TEMPLATES = {Pass.VERDICT: "review.html", Pass.KIND: "kinds.html"}
SAVED_TIME = "%Y-%m-%dT%H:%M:%SZ"
"""How a plain form's redirect carries the time of the save."""


def _add_queue(base: str, pass_: Pass) -> None:
    """The four addresses of one pass: the queue, and to answer, skip or undo in it."""

    def show_queue(ws: CurrentWorkspace, user: CurrentUser, page: Page, saved: str = "", have: str = "") -> Response:
        queue = load_queue(ws, user, pass_, have=frozenset(have.split()))
        return page(
            TEMPLATES[pass_],
            queue=queue,
            base=base,
            taxonomy=ws.settings.taxonomy,
            saved=_read_time(saved),
            reveal=ws.protocol.reveal,
        )

    def answer(request: Request, ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
        screen, key = require_field(fields, "screen"), require_field(fields, "key")
        receipt = answer_screen(ws, user, screen, read_answers(ws, fields, pass_), key=key)
        return _acknowledge(request, receipt, base)

    def skip(request: Request, ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
        screen, key = require_field(fields, "screen"), require_field(fields, "key")
        return _acknowledge(request, skip_screen(ws, user, screen, key=f"skip-{key}"), base)

    def undo(request: Request, ws: CurrentWorkspace, user: CurrentUser, fields: Fields) -> Response:
        receipt = undo_last(ws, user, pass_, key=f"undo-{require_field(fields, 'key')}")
        return _acknowledge(request, receipt, base)

    router.add_api_route(base, show_queue, methods=["GET"], response_model=None)
    router.add_api_route(base, answer, methods=["POST"], response_model=None)
    router.add_api_route(f"{base}/skip", skip, methods=["POST"], response_model=None)
    router.add_api_route(f"{base}/undo", undo, methods=["POST"], response_model=None)


def _acknowledge(request: Request, receipt: Receipt, base: str) -> Response:
    """The change is committed: say so to the script, or send a plain form on to the queue."""
    if wants_html(request):
        return RedirectResponse(f"{base}?saved={receipt.saved_at:{SAVED_TIME}}", status_code=303)
    return JSONResponse(ReceiptOut(submission=receipt.submission, saved_at=receipt.saved_at).model_dump(mode="json"))


def _read_time(text: str) -> datetime | None:
    """The time of the last save, as a plain form's redirect carries it; anything else is nothing."""
    try:
        return datetime.strptime(text, SAVED_TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


_add_queue("/review", Pass.VERDICT)
_add_queue("/review/kinds", Pass.KIND)


@router.get("/classes")
def find_classes(ws: CurrentWorkspace, q: str = "") -> list[ClassOut]:
    """Classes whose name holds the text, for "also shows"."""
    return [
        ClassOut(class_id=card.class_id, key=card.key, name=card.name, definition=card.definition)
        for card in search_classes(ws, q)
    ]
