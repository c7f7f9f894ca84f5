"""How far reviewers agree, and how each of them does."""

from __future__ import annotations

from regrade.web.api.parameters import Limit, Offset, Split
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentWorkspace
from regrade.web.schemas.agreement import ContestedPageOut, ContestedViewOut, PanelAgreementOut, ReviewerReportOut
from regrade.workflow.agreement import measure_agreement
from regrade.workflow.posteriors import list_contested, load_posteriors, view_contested
from regrade.workflow.reviewers import describe_reviewers

router = make_router("agreement")


@router.get("/agreement", responses=declare(404))
def show_agreement(ws: CurrentWorkspace, split: Split = "main") -> PanelAgreementOut:
    """How far the reviewers agree on each question: alpha with its interval, kappas, percent, pairs, classes."""
    return PanelAgreementOut.of(measure_agreement(ws, split=split))


@router.get("/agreement/contested", responses=declare(404))
def list_contested_decisions(
    ws: CurrentWorkspace, split: Split = "main", offset: Offset = 0, limit: Limit = 100
) -> ContestedPageOut:
    """The decisions that Dawid and Skene's model finds less likely than another verdict."""
    found = list_contested(ws, split=split)
    shown = view_contested(ws, found[offset : offset + limit], split=split)
    why_not = {topic: model.why for topic, model in load_posteriors(ws, split).items()}
    return ContestedPageOut(n_total=len(found), contested=[ContestedViewOut.of(row) for row in shown], why_not=why_not)


@router.get("/reviewers", responses=declare(404))
def list_reviewers(ws: CurrentWorkspace, split: Split = "main") -> list[ReviewerReportOut]:
    """Each reviewer's work, pace, gold, and answers held against what the panel decided, by name."""
    return [ReviewerReportOut.of(row) for row in describe_reviewers(ws, split=split)]
