"""Proposing: find an item, say which class it shows and why, and follow what became of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.proposals import FoundItemOut, ProposalIn, ProposalOut
from regrade.web.schemas.review import ReceiptOut
from regrade.web.text import clean_text
from regrade.workflow.propose import find_proposed_item, list_proposals, propose_class

router = make_router("proposals")


@router.get("/proposals", responses=declare())
def show_proposals(ws: CurrentWorkspace, user: CurrentUser) -> list[ProposalOut]:
    """Your own proposals, newest first."""
    return [ProposalOut.of(row) for row in list_proposals(ws, user)]


@router.get("/proposals/item", responses=declare(404))
def find_item(
    ws: CurrentWorkspace, user: CurrentUser, item_id: Annotated[str, Query(description="As the benchmark has it.")]
) -> FoundItemOut:
    """The item of an id, with its image."""
    return FoundItemOut.of(find_proposed_item(ws, user, item_id))


@router.post("/proposals", responses=declare(404, 409, 413, 415))
def propose(ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, proposal: ProposalIn) -> ReceiptOut:
    """Ask the panel whether an item shows a class; it is asked blind, like any other case."""
    reason = clean_text(proposal.reason)
    return ReceiptOut.of(propose_class(ws, user, proposal.item_id, proposal.class_id, reason, key=key))
