"""Reviewing: two queues of the same shape, first the verdicts, then what kind of mistake."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from regrade.records.panel import Pass
from regrade.web.api.keys import IdempotencyKey
from regrade.web.api.parameters import Split
from regrade.web.api.routing import declare, make_router
from regrade.web.deps import CurrentUser, CurrentWorkspace
from regrade.web.schemas.review import KindAnswersIn, KindQueueOut, QueueOut, ReceiptOut, VerdictAnswersIn
from regrade.workflow.review import answer_screen, load_queue, skip_screen, undo_last

router = make_router("review")
ScreenId = Annotated[str, Path(description="The screen's id, as the queue gives it.")]
UNDO = declare(409, 413)
ANSWER = declare(404, 409, 413, 415)


@router.get("/review/verdicts", responses=declare(404))
def show_verdict_queue(ws: CurrentWorkspace, user: CurrentUser, split: Split = "main") -> QueueOut:
    """Your current screen and the next ones; they stay yours until you answer or skip them."""
    return QueueOut.of(load_queue(ws, user, Pass.VERDICT, split=split))


@router.post("/review/verdicts/screens/{screen}", responses=ANSWER)
def answer_verdicts(
    ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, screen: ScreenId, answers: VerdictAnswersIn
) -> ReceiptOut:
    """Save a verdict on every class of a screen, or that the item is problematic. Answered after the commit."""
    return ReceiptOut.of(answer_screen(ws, user, screen, answers.as_answers(), key=key))


@router.get("/review/kinds", responses=declare(404))
def show_kind_queue(ws: CurrentWorkspace, user: CurrentUser, split: Split = "main") -> KindQueueOut:
    """The same of the second pass: predictions that were decided wrong."""
    return KindQueueOut.of(load_queue(ws, user, Pass.KIND, split=split))


@router.post("/review/kinds/screens/{screen}", responses=ANSWER)
def answer_kinds(
    ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, screen: ScreenId, answers: KindAnswersIn
) -> ReceiptOut:
    """Save the category and severity of a screen's mistake. Answered after the commit."""
    return ReceiptOut.of(answer_screen(ws, user, screen, answers.as_answers(), key=key))


@router.post("/review/screens/{screen}/skip", responses=declare(404, 409, 413))
def skip(ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey, screen: ScreenId) -> ReceiptOut:
    """Put a screen of either pass at the end of your queue; another reviewer may take it."""
    return ReceiptOut.of(skip_screen(ws, user, screen, key=key))


@router.post("/review/verdicts/undo", responses=UNDO)
def undo_verdicts(ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey) -> ReceiptOut:
    """Take your last answer of the first pass back: it stays in the record, and its screen is yours again."""
    return ReceiptOut.of(undo_last(ws, user, Pass.VERDICT, key=key))


@router.post("/review/kinds/undo", responses=UNDO)
def undo_kinds(ws: CurrentWorkspace, user: CurrentUser, key: IdempotencyKey) -> ReceiptOut:
    """The same of the second pass."""
    return ReceiptOut.of(undo_last(ws, user, Pass.KIND, key=key))
