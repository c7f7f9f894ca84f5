"""Settle an item after its reviews changed: decisions and statuses, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np

from regrade.panel import settle_item, settle_kind
from regrade.records.labels import Verdict
from regrade.records.panel import (
    Decision,
    DecisionMethod,
    ItemOutcome,
    Origin,
    Pass,
    Question,
    QuestionStatus,
    Review,
)
from regrade.store import Transaction, decisions, questions, reviews
from regrade.workflow.cases import UNDECIDED, shuffle_keys
from regrade.workflow.workspace import Workspace


def settle_first_pass(ws: Workspace, tx: Transaction, split: str, item: int, *, at: datetime) -> None:
    """Save what the item's reviews decide, mark what they dispute, open the second pass of what they find wrong."""
    given = reviews.list_item_reviews(tx, split, item, Pass.VERDICT)
    asked = {
        row.class_id: row
        for row in _close_abandoned(tx, questions.list_item_questions(tx, split, item, Pass.VERDICT), given)
        if row.status in UNDECIDED
    }
    outcome = settle_item(given, tuple(asked), ws.protocol)
    if outcome.problematic is not None:
        save_consensus(tx, split, item, None, Pass.VERDICT, reviewers=outcome.problematic.reviewers, given=given, at=at)
        questions.save_status(tx, [row.id for row in asked.values()], QuestionStatus.CLOSED)
        return
    for settled in outcome.settled:
        save_consensus(
            tx,
            split,
            item,
            settled.class_id,
            Pass.VERDICT,
            reviewers=settled.reviewers,
            given=given,
            at=at,
            verdict=settled.verdict,
        )
    _save_statuses(tx, asked, outcome)
    wrong = [
        asked[row.class_id] for row in outcome.settled if row.class_id is not None and row.verdict is Verdict.WRONG
    ]
    open_second_pass(ws, tx, wrong, at=at)


def settle_second_pass(ws: Workspace, tx: Transaction, question: Question, *, at: datetime) -> None:
    """Decide category and severity of one mistake where its reviewers agree; otherwise mark it disputed."""
    split, item, class_id = question.split, question.item, question.class_id
    given = [row for row in reviews.list_item_reviews(tx, split, item, Pass.KIND) if row.class_id == class_id]
    outcome = settle_kind(given, ws.protocol)
    if outcome.settled is not None:
        kind = outcome.settled
        save_consensus(
            tx,
            split,
            item,
            class_id,
            Pass.KIND,
            reviewers=kind.reviewers,
            given=given,
            at=at,
            category=kind.category,
            severity=kind.severity,
        )
        status = QuestionStatus.DECIDED
    else:
        status = QuestionStatus.DISPUTED if outcome.disputed else QuestionStatus.OPEN
    questions.save_status(tx, [question.id], status)


def open_second_pass(ws: Workspace, tx: Transaction, wrong: Iterable[Question], *, at: datetime) -> None:
    """Open the second pass of predicted classes that were decided wrong."""
    for row in wrong:
        if row.origin not in {Origin.PREDICTION, Origin.IMPORTED}:
            continue
        item = np.array([row.item], dtype=np.int32)
        questions.save_questions(
            tx,
            row.split,
            item,
            np.array([row.class_id], dtype=np.int32),
            pass_=Pass.KIND,
            origin=row.origin,
            shuffles=shuffle_keys(ws, row.split)[item],
            at=at,
        )
        closed = [
            kind.id
            for kind in questions.list_item_questions(tx, row.split, row.item, Pass.KIND)
            if kind.class_id == row.class_id and kind.status is QuestionStatus.CLOSED
        ]
        questions.save_status(tx, closed, QuestionStatus.OPEN)


def close_second_pass(tx: Transaction, split: str, item: int, class_id: int) -> None:
    """Close the second pass of a class that is decided wrong no more."""
    rows = questions.list_item_questions(tx, split, item, Pass.KIND)
    ids = [row.id for row in rows if row.class_id == class_id and row.status in UNDECIDED]
    questions.save_status(tx, ids, QuestionStatus.CLOSED)


def save_consensus(
    tx: Transaction,
    split: str,
    item: int,
    class_id: int | None,
    pass_: Pass,
    *,
    reviewers: Sequence[str],
    given: Sequence[Review],
    at: datetime,
    verdict: Verdict | None = None,
    category: str | None = None,
    severity: str | None = None,
) -> Decision:
    """Save a decision that reviewers agreed on, based on the oldest version that any of them was shown."""
    return decisions.save_decision(
        tx,
        split=split,
        item=item,
        class_id=class_id,
        pass_=pass_,
        verdict=verdict,
        category=category,
        severity=severity,
        method=DecisionMethod.CONSENSUS,
        author=", ".join(reviewers),
        reason="",
        base=_oldest_base(given),
        at=at,
    )


def _oldest_base(given: Sequence[Review]) -> str:
    return min((row.labels for row in given if not row.withdrawn), key=lambda ref: int(ref.rpartition("@")[2]))


def _close_abandoned(tx: Transaction, rows: Sequence[Question], given: Sequence[Review]) -> Sequence[Question]:
    """Close an added class when the reviewer who added it has taken the answer back and nobody else has answered it."""
    answered = {row.class_id for row in given if not row.withdrawn}
    abandoned = [
        row.id
        for row in rows
        if row.origin is Origin.ADDED and row.status in UNDECIDED and row.class_id not in answered
    ]
    questions.save_status(tx, abandoned, QuestionStatus.CLOSED)
    return [row for row in rows if row.id not in set(abandoned)]


def _save_statuses(tx: Transaction, asked: dict[int, Question], outcome: ItemOutcome) -> None:
    settled = [row.class_id for row in outcome.settled if row.class_id is not None]
    for status, classes in (
        (QuestionStatus.DECIDED, settled),
        (QuestionStatus.DISPUTED, outcome.disputed),
        (QuestionStatus.OPEN, outcome.waiting),
    ):
        ids = [asked[class_id].id for class_id in classes if asked[class_id].status is not status]
        questions.save_status(tx, ids, status)
