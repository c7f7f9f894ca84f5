"""The gallery of mistakes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentWorkspace
from regrade.web.schemas.mistakes import MistakeFiltersIn, MistakesOut
from regrade.workflow.mistakes import search_mistakes

router = make_router("mistakes")


@router.get("/mistakes", responses=declare(404))
def find_mistakes(ws: CurrentWorkspace, filters: Annotated[MistakeFiltersIn, Query()]) -> MistakesOut:
    """The mistakes of all models, merged by item and predicted class, that the filters leave."""
    return MistakesOut.of(search_mistakes(ws, filters.as_filters(), split=filters.split))
