"""What is known so far: the overview, the models and their grades."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from regrade.records.grades import Policy, UnclearRule
from regrade.web.api.parameters import Split
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentWorkspace
from regrade.web.schemas.grades import GradeOut, ModelOut
from regrade.web.schemas.overview import OverviewOut
from regrade.workflow.grade import grade_models
from regrade.workflow.overview import load_overview
from regrade.workflow.predictions import list_predictions

router = make_router("grades")


@router.get("/overview", responses=declare(404))
def show_overview(ws: CurrentWorkspace, split: Split = "main") -> OverviewOut:
    """What is known: every model before and after the last version, the panel's progress, what moved last."""
    return OverviewOut.of(load_overview(ws, split=split))


@router.get("/models", responses=declare(404))
def list_models(ws: CurrentWorkspace, split: Split = "main") -> list[ModelOut]:
    """The models that have predictions, by name."""
    return [ModelOut.of(row) for row in list_predictions(ws, split)]


@router.get("/grades", responses=declare(404))
def list_grades(
    ws: CurrentWorkspace,
    *,
    labels: Annotated[str | None, Query(description="`NAME@N` or `NAME` (its newest version).")] = None,
    policy: Policy = "multilabel",
    unclear: Annotated[UnclearRule, Query(description="Whether a class marked unclear is accepted.")] = "accept",
    model: Annotated[list[str], Query(description="Only these models; may be repeated.")] = [],  # noqa: B006 - FastAPI makes a new one for each request
    split: Split = "main",
) -> list[GradeOut]:
    """Every model's grade, as `regrade grade --json` prints it; without `labels` by the newest version."""
    rows = grade_models(ws, labels=labels, policy=policy, unclear=unclear, models=model or None, split=split)
    return [GradeOut.of(row) for row in rows]
