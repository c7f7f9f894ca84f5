"""The gallery of mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from regrade.web.deps import CurrentWorkspace, Page
from regrade.workflow.mistake_filters import MistakeFilters, format_filters, parse_filters
from regrade.workflow.mistakes import search_mistakes
from regrade.workflow.workspace import Workspace

router = APIRouter()
PAGE_SIZE = 200


@router.get("/mistakes")
def show_mistakes(request: Request, ws: CurrentWorkspace, page: Page) -> Response:
    """One page of the mistakes that the filters in the URL leave."""
    filters = read_filters(request.query_params)
    found = search_mistakes(ws, filters)
    return page(
        "mistakes.html",
        found=found,
        filters=filters,
        narrowed=address_of(replace(filters, offset=0, sort=MistakeFilters().sort)) != "/mistakes",
        class_name=lambda class_id: _class_name(ws, class_id),
        changed=lambda **values: address_of(replace(filters, offset=0, **values)),
        previous=address_of(replace(filters, offset=max(0, filters.offset - filters.limit))) if filters.offset else "",
        following=address_of(replace(filters, offset=filters.offset + filters.limit))
        if filters.offset + filters.limit < found.n_total
        else "",
        query=request.url.query,
    )


def _class_name(ws: Workspace, class_id: int | None) -> str:
    """Name of a class that a filter names; the filter may name one that there is not."""
    if class_id is None:
        return ""
    return ws.classes.titles[class_id] if class_id < len(ws.classes) else f"class {class_id}"


def read_filters(query: Mapping[str, str]) -> MistakeFilters:
    """The filters of the gallery's address.

    Raises:
        InputError: There are no such filters.
    """
    return parse_filters({"limit": str(PAGE_SIZE)} | dict(query))


def address_of(filters: MistakeFilters) -> str:
    """The gallery's address under some filters."""
    values = format_filters(filters)
    if values.get("limit") == str(PAGE_SIZE):
        del values["limit"]
    return f"/mistakes?{urlencode(values)}" if values else "/mistakes"
