"""How far reviewers agree, and how each of them does."""

from __future__ import annotations

from regrade.web.api.parameters import Split
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentWorkspace
from regrade.web.schemas.agreement import PanelAgreementOut, ReviewerReportOut
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.reviewers import describe_reviewers

router = make_router("agreement")


@router.get("/agreement", responses=declare(404))
def show_agreement(ws: CurrentWorkspace, split: Split = "main") -> PanelAgreementOut:
    """How far the reviewers agree on each question: alpha with its interval, kappas, percent, pairs, classes."""
    return PanelAgreementOut.of(measure_agreement(ws, split=split))


@router.get("/reviewers", responses=declare(404))
def list_reviewers(ws: CurrentWorkspace, split: Split = "main") -> list[ReviewerReportOut]:
    """Each reviewer's work, pace, gold, and answers held against what the panel decided, by name."""
    return [ReviewerReportOut.of(row) for row in describe_reviewers(ws, split=split)]
