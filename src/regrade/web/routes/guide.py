"""The class guide: one page a class, where the panel writes down what tells it from others."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regrade.errors import InputError
from regrade.web.deps import CurrentUser, CurrentWorkspace, Fields, Page
from regrade.web.forms import require_field
from regrade.workflow.guide import search_classes
from regrade.workflow.guide_texts import MAX_TEXT, GuideChangedError, edit_guide, list_guide, load_guide

router = APIRouter()


@router.get("/guide")
def show_guide(ws: CurrentWorkspace, page: Page, q: str = "") -> Response:
    """The classes that a search found, or all that the panel has written about."""
    found = [load_guide(ws, card.class_id) for card in search_classes(ws, q)] if q.strip() else list_guide(ws)
    return page("guide_list.html", entries=found, q=q)


@router.get("/guide/{class_id}")
def show_class(ws: CurrentWorkspace, page: Page, class_id: int) -> Response:
    """All that the guide says of one class, and the form to say more. The script shows the same in a dialog."""
    return page("guide.html", entry=load_guide(ws, class_id), max_text=MAX_TEXT, draft=None, refusal=None)


@router.post("/guide/{class_id}")
def edit_class(ws: CurrentWorkspace, user: CurrentUser, page: Page, fields: Fields, class_id: int) -> Response:
    """Save what the panel says of a class. Where somebody was faster, both texts are shown and nothing is lost."""
    text, key = fields.get("text", ""), require_field(fields, "key")
    try:
        edit_guide(ws, user, class_id, text, base=_read_number(require_field(fields, "base")), key=f"guide-{key}")
    except GuideChangedError as error:
        entry = load_guide(ws, class_id)
        return page("guide.html", status=409, entry=entry, max_text=MAX_TEXT, draft=text, refusal=error)
    return RedirectResponse(f"/guide/{class_id}", status_code=303)


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InputError("the number of a text", got=repr(text[:80]), remedy="Reload the page.")
    return int(text)
