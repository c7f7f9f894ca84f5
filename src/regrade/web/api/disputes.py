"""Adjudication: what waits, one item with its reviews side by side, and deciding it."""

from __future__ import annotations

from regrade.records.panel import Pass
from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.parameters import PassName, Split, Token
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.agreement import SuggestionOut
from regrade.web.schemas.disputes import AdjudicationIn, DisputeOut, DisputeSummaryOut
from regrade.web.schemas.review import ReceiptOut
from regrade.workflow.adjudicate import adjudicate
from regrade.workflow.disputes import list_disputes, load_dispute
from regrade.workflow.posteriors import suggest_verdicts

router = make_router("disputes")


@router.get("/disputes", responses=declare(404))
def show_disputes(ws: CurrentWorkspace, user: CurrentUser, split: Split = "main") -> list[DisputeSummaryOut]:
    """All items that wait for an adjudicator, first passes before second ones."""
    return [DisputeSummaryOut.of(row) for row in list_disputes(ws, user=user, split=split)]


@router.get("/disputes/{pass}/{token}", responses=declare(404))
def show_dispute(ws: CurrentWorkspace, user: CurrentUser, pass_: PassName, token: Token) -> DisputeOut:
    """One item with its reviews side by side, and what the votes weigh."""
    dispute = load_dispute(ws, token, pass_, user=user)
    classes = [row.card.class_id for row in dispute.classes] if pass_ is Pass.VERDICT else []
    weighed = suggest_verdicts(ws, token, classes)
    suggestions = [SuggestionOut.of(posterior, class_id=class_id) for class_id, posterior in weighed.items()]
    return DisputeOut.of(dispute, suggestions=suggestions)


@router.post("/disputes/{pass}/{token}", responses=declare(404, 409, 413, 415))
def decide(
    ws: CurrentWorkspace,
    user: CurrentUser,
    *,
    key: IdempotencyKey,
    pass_: PassName,
    token: Token,
    adjudication: AdjudicationIn,
) -> ReceiptOut:
    """Say what is true of what waits on one item, with a reason; where adjudicators vote, it is one vote."""
    return ReceiptOut.of(adjudicate(ws, user, token, pass_, adjudication.as_adjudication(), key=key))
