"""Bring an item's questions in line with its reviews and decisions, after some came from elsewhere."""

from __future__ import annotations

from datetime import datetime

from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Pass, Question, QuestionStatus
from regrade.store import Transaction, decisions, questions
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.settle import close_second_pass, open_second_pass, settle_first_pass, settle_second_pass
from regrade.workflow.workspace import Workspace


def restate_item(ws: Workspace, tx: Transaction, split: str, item: int, *, at: datetime) -> None:
    """Set where every question on an item stands, and settle what is undecided.

    What is decided is decided, whatever the reviews say. All else is open again, and then settled by the protocol in
    force. A second pass is open where its class is decided wrong.
    """
    current = {(row.pass_, row.class_id): row for row in decisions.list_current_decisions(tx, split, item=item)}
    asked = questions.list_item_questions(tx, split, item, Pass.VERDICT)
    _save_statuses(tx, asked, current)
    wrong = [row for row in asked if _verdict(current, row.class_id) is Verdict.WRONG]
    open_second_pass(ws, tx, wrong, at=at)
    mistakes = {row.class_id for row in wrong}
    kinds = questions.list_item_questions(tx, split, item, Pass.KIND)
    _save_statuses(tx, [row for row in kinds if row.class_id in mistakes], current)
    for row in kinds:
        if row.class_id not in mistakes:
            close_second_pass(tx, split, item, row.class_id, at=at)
    settle_first_pass(ws, tx, split, item, at=at)
    for row in questions.list_item_questions(tx, split, item, Pass.KIND):
        if row.status in UNDECIDED:
            settle_second_pass(ws, tx, row, at=at)


def _save_statuses(
    tx: Transaction, rows: list[Question] | tuple[Question, ...], current: dict[tuple[Pass, int | None], Decision]
) -> None:
    decided = [row.id for row in rows if (row.pass_, row.class_id) in current]
    undecided = [row.id for row in rows if (row.pass_, row.class_id) not in current]
    questions.save_status(tx, decided, QuestionStatus.DECIDED)
    questions.save_status(tx, undecided, QuestionStatus.OPEN)


def _verdict(current: dict[tuple[Pass, int | None], Decision], class_id: int) -> Verdict | None:
    row = current.get((Pass.VERDICT, class_id))
    return row.verdict if row else None
