"""The overview and its chart."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from regrade.errors import InputError
from regrade.web.assets import vega_bundle
from regrade.web.charts import chart_height, draw_models
from regrade.web.deps import CurrentWorkspace, Page
from regrade.web.grades import change, headline
from regrade.workflow.overview import ModelLine, load_overview

router = APIRouter()

SORTS: dict[str, Callable[[ModelLine], Any]] = {
    "model": attrgetter("model"),
    "before": lambda line: headline(line.before),
    "after": lambda line: headline(line.after),
    "change": lambda line: change(line.before, line.after),
    "mistakes": attrgetter("after.n_mistakes"),
    "unreviewed": attrgetter("after.n_unreviewed"),
    "seen": attrgetter("reviewed_share"),
}
"""What the table can be sorted by; a leading `-` in the URL means largest first."""


@router.get("/")
def show_overview(ws: CurrentWorkspace, page: Page, sort: str = "-after") -> Response:
    """What is known so far."""
    overview = load_overview(ws)
    return page(
        "overview.html",
        overview=overview,
        lines=sort_lines(overview.lines, sort),
        sort=sort,
        chart_height=chart_height(len(overview.lines)),
    )


@router.get("/chart.json")
def send_chart(ws: CurrentWorkspace) -> Response:
    """The chart of all models before and after, for Vega-Lite."""
    return JSONResponse(draw_models(load_overview(ws)))


@router.get("/vega.js")
def send_vega() -> Response:
    """The chart library; its address carries its version, so it may be kept."""
    headers = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(vega_bundle(), media_type="text/javascript", headers=headers)


def sort_lines(lines: tuple[ModelLine, ...], sort: str) -> tuple[ModelLine, ...]:
    """The lines in another order; undefined figures come last either way.

    Raises:
        InputError: There is no such column.
    """
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        raise InputError(f"sort out of {', '.join(SORTS)}", got=repr(sort[:40]))
    key = SORTS[name]
    known = [line for line in lines if key(line) is not None]
    unknown = [line for line in lines if key(line) is None]
    return (*sorted(known, key=key, reverse=descending), *unknown)
