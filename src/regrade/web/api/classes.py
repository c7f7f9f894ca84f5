"""Classes: the search for one by its name, and the guide that the panel writes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query

from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.classes import ClassOut, GuideEditIn, GuideEntryOut
from regrade.web.schemas.review import ReceiptOut
from regrade.workflow.guide import search_classes
from regrade.workflow.guide_texts import GuideEntry, edit_guide, list_guide, load_guide

router = make_router("classes")
ClassNumber = Annotated[int, Path(ge=0, lt=2**31, description="Index of a class, from 0.")]


@router.get("/classes", responses=declare())
def find_classes(
    ws: CurrentWorkspace,
    q: Annotated[str, Query(description="Text in the name (case and accents do not matter), or the key.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[ClassOut]:
    """The classes whose name holds a text, best match first."""
    return [ClassOut.of(card) for card in search_classes(ws, q, limit=limit)]


@router.get("/guide", responses=declare(404))
def show_guide(ws: CurrentWorkspace) -> list[GuideEntryOut]:
    """Every class that the panel has written about, the last change first."""
    return [_show(entry) for entry in list_guide(ws)]


@router.get("/guide/{class_id}", responses=declare(404))
def show_class(ws: CurrentWorkspace, class_id: ClassNumber) -> GuideEntryOut:
    """What the guide says of one class, with the history of the panel's words."""
    return _show(load_guide(ws, class_id))


@router.post("/guide/{class_id}", responses=declare(404, 409, 413, 415))
def edit_class(
    ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, class_id: ClassNumber, edit: GuideEditIn
) -> ReceiptOut:
    """Say something else of a class; 409 where somebody has changed the text since `base`."""
    return ReceiptOut.of(edit_guide(ws, user, class_id, edit.text, base=edit.base, key=key))


def _show(entry: GuideEntry) -> GuideEntryOut:
    card = entry.card
    return GuideEntryOut.of(card, number=entry.number, history=entry.history)
