"""Settle an item after its reviews changed: decisions and statuses, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

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
from regrade.store import Transaction, decisions, proposals, questions, reopenings, reviews
from regrade.workflow.asking import ask
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.workspace import Workspace


def settle_first_pass(ws: Workspace, tx: Transaction, split: str, item: int, *, at: datetime) -> None:
    """Save what the item's reviews decide, mark what they dispute, open the second pass of what they find wrong.

    An item that was decided problematic stays closed, whatever is answered or asked about it afterwards. What an
    adjudicator reopened waits for an adjudicator.
    """
    if is_problematic(tx, split, item):
        close_item(tx, split, item)
        return
    given = reviews.list_item_reviews(tx, split, item, Pass.VERDICT)
    asked = {
        row.class_id: row
        for row in _follow_added(tx, questions.list_item_questions(tx, split, item, Pass.VERDICT), given)
        if row.status in UNDECIDED and not row.held
    }
    outcome = settle_item(
        given,
        tuple(asked),
        ws.protocol_in(tx),
        proposals=proposals.list_item_proposals(tx, split, item),
        overruled=reopenings.load_overruled(tx, split, item=item).get(item),
    )
    if outcome.problematic is not None:
        save_consensus(tx, split, item, None, Pass.VERDICT, reviewers=outcome.problematic.reviewers, given=given, at=at)
        close_item(tx, split, item)
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
    if question.held:
        questions.save_status(tx, [question.id], QuestionStatus.DISPUTED)
        return
    split, item, class_id = question.split, question.item, question.class_id
    given = [row for row in reviews.list_item_reviews(tx, split, item, Pass.KIND) if row.class_id == class_id]
    outcome = settle_kind(given, ws.protocol_in(tx))
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
    """Open the second pass of predicted classes that were decided wrong.

    One that was closed meanwhile keeps its answers: if there are enough of them, it is settled at once.
    """
    for row in wrong:
        if row.origin not in {Origin.PREDICTION, Origin.IMPORTED}:
            continue
        ask(ws, tx, row.split, [row.item], [row.class_id], pass_=Pass.KIND, origin=row.origin, at=at)
        for kind in _kind_questions(tx, row.split, row.item, row.class_id):
            if kind.status is QuestionStatus.CLOSED:
                settle_second_pass(ws, tx, kind, at=at)


def close_second_pass(tx: Transaction, split: str, item: int, class_id: int, *, at: datetime) -> None:
    """Close the second pass of a class that is decided wrong no more, and take back what it decided."""
    for row in decisions.list_current_decisions(tx, split, pass_=Pass.KIND, item=item):
        if row.class_id == class_id:
            take_back(tx, row, reason="the class is decided wrong no more", at=at)
    ids = [row.id for row in _kind_questions(tx, split, item, class_id)]
    questions.save_status(tx, ids, QuestionStatus.CLOSED)


def _kind_questions(tx: Transaction, split: str, item: int, class_id: int) -> tuple[Question, ...]:
    rows = questions.list_item_questions(tx, split, item, Pass.KIND)
    return tuple(row for row in rows if row.class_id == class_id)


def close_item(tx: Transaction, split: str, item: int) -> None:
    """Close all that is undecided on an item, in both passes: it is problematic."""
    rows = questions.list_item_questions(tx, split, item)
    questions.save_status(tx, [row.id for row in rows if row.status in UNDECIDED], QuestionStatus.CLOSED)


def reopen_decision(ws: Workspace, tx: Transaction, row: Decision, *, reason: str, at: datetime) -> None:
    """Take a decision back with an answer that it rests on, and open what it had ended; the caller settles anew.

    Nobody is asked what kind of mistake it is while that waits itself, or on a problematic item.
    """
    take_back(tx, row, reason=reason, at=at)
    if row.class_id is None:
        _open_closed(ws, tx, row, at=at)
        return
    asked = questions.list_item_questions(tx, row.split, row.item, row.pass_)
    ids = [question.id for question in asked if question.class_id == row.class_id]
    is_asked = row.pass_ is Pass.VERDICT or _is_mistake(tx, row)
    questions.save_status(tx, ids, QuestionStatus.OPEN if is_asked else QuestionStatus.CLOSED)
    if row.pass_ is Pass.VERDICT:
        close_second_pass(tx, row.split, row.item, row.class_id, at=at)


def _is_mistake(tx: Transaction, kind: Decision) -> bool:
    """Whether the class of a decision of the second pass is decided wrong now, on an item that is not problematic."""
    current = decisions.list_current_decisions(tx, kind.split, pass_=Pass.VERDICT, item=kind.item)
    wrong = {row.class_id for row in current if row.verdict is Verdict.WRONG}
    return kind.class_id in wrong and not is_problematic(tx, kind.split, kind.item)


def _open_closed(ws: Workspace, tx: Transaction, row: Decision, *, at: datetime) -> None:
    """Open what was closed because the item was problematic; what an adjudicator had reopened waits for one again."""
    asked = questions.list_item_questions(tx, row.split, row.item, Pass.VERDICT)
    closed = [question for question in asked if question.status is QuestionStatus.CLOSED]
    questions.save_status(tx, [question.id for question in closed if not question.held], QuestionStatus.OPEN)
    questions.save_status(tx, [question.id for question in closed if question.held], QuestionStatus.DISPUTED)
    _reopen_kinds(ws, tx, row, asked, at=at)


def _reopen_kinds(ws: Workspace, tx: Transaction, row: Decision, asked: Iterable[Question], *, at: datetime) -> None:
    """The item is problematic no more: what is decided wrong on it is owed its category and severity again."""
    current = decisions.list_current_decisions(tx, row.split, pass_=Pass.VERDICT, item=row.item)
    wrong = {found.class_id for found in current if found.verdict is Verdict.WRONG}
    open_second_pass(ws, tx, [question for question in asked if question.class_id in wrong], at=at)


def hold_decision(ws: Workspace, tx: Transaction, row: Decision, *, author: str, reason: str, at: datetime) -> None:
    """Take a decision back for good, and leave what it decided to adjudicators: what reviewers said settles it no more.

    Of a class whose verdict is taken back, what is undecided in the second pass waits until that is decided again.
    """
    overrule(tx, row, author=author, reason=reason, at=at)
    asked = questions.list_item_questions(tx, row.split, row.item, row.pass_)
    if row.class_id is None:
        given = reviews.list_item_reviews(tx, row.split, row.item, Pass.VERDICT)
        closed = [question for question in asked if question.status is QuestionStatus.CLOSED]
        wanted = [question for question in closed if question not in _list_abandoned(closed, given)]
        lines = [
            take_back(tx, replace(row, class_id=question.class_id), author=author, reason=reason, at=at)
            for question in wanted
        ]
        reopenings.save_waiting(tx, [line.id for line in lines])
        _reopen_kinds(ws, tx, row, asked, at=at)
    else:
        wanted = [question for question in asked if question.class_id == row.class_id]
    ids = [question.id for question in wanted]
    questions.save_held(tx, ids, held=True)
    questions.save_status(tx, ids, QuestionStatus.DISPUTED)
    if row.pass_ is Pass.VERDICT and row.class_id is not None:
        kinds = _kind_questions(tx, row.split, row.item, row.class_id)
        questions.save_status(tx, [kind.id for kind in kinds if kind.status in UNDECIDED], QuestionStatus.CLOSED)


def overrule(tx: Transaction, row: Decision, *, author: str, reason: str, at: datetime) -> None:
    """Append the line by which an adjudicator takes a decision back: what was said by then does not bring it back."""
    line = take_back(tx, row, author=author, reason=reason, at=at)
    reopenings.save_reopening(tx, line.id, reopened=row.id)


def take_back(tx: Transaction, row: Decision, *, reason: str, at: datetime, author: str | None = None) -> Decision:
    """Append the line that a decision is in force no more; by those who made it, unless somebody else is named."""
    return decisions.save_decision(
        tx,
        split=row.split,
        item=row.item,
        class_id=row.class_id,
        pass_=row.pass_,
        verdict=None,
        category=None,
        severity=None,
        method=DecisionMethod.REOPENED,
        author=author or row.author,
        reason=reason,
        base=row.base,
        at=at,
    )


def raise_questions(
    ws: Workspace, tx: Transaction, split: str, rows: Sequence[Question], origin: Origin, *, at: datetime
) -> None:
    """Make questions that rode along, or were named by somebody, cases in their own right.

    What reviewers have said of them already counts. What was decided wrong is owed its category and severity.
    """
    questions.save_origin(tx, [row.id for row in rows], origin)
    closed = [row.id for row in rows if row.status is QuestionStatus.CLOSED]
    questions.save_status(tx, closed, QuestionStatus.OPEN)
    for item in sorted({row.item for row in rows if row.status is not QuestionStatus.DECIDED}):
        settle_first_pass(ws, tx, split, item, at=at)
    decided = [replace(row, origin=origin) for row in rows if row.status is QuestionStatus.DECIDED]
    current = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT) if decided else ()
    wrong = {(row.item, row.class_id) for row in current if row.verdict is Verdict.WRONG}
    open_second_pass(ws, tx, [row for row in decided if (row.item, row.class_id) in wrong], at=at)


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
        base=_oldest_base(given, class_id),
        at=at,
    )


def _oldest_base(given: Sequence[Review], class_id: int | None) -> str:
    """The oldest version that those who answered were shown, of the label set that the last of them was shown."""
    refs = [row.labels for row in given if not row.withdrawn and class_id in {None, row.class_id}]
    name = refs[-1].rpartition("@")[0]
    versions = [int(ref.rpartition("@")[2]) for ref in refs if ref.rpartition("@")[0] == name]
    return f"{name}@{min(versions)}"


def is_problematic(tx: Transaction, split: str, item: int) -> bool:
    """Whether the panel has decided that an item is problematic."""
    current = decisions.list_current_decisions(tx, split, pass_=Pass.VERDICT, item=item)
    return any(row.class_id is None and not row.usable for row in current)


def _follow_added(tx: Transaction, rows: Sequence[Question], given: Sequence[Review]) -> Sequence[Question]:
    """Close an added class when the reviewer who added it has taken the answer back and nobody else has answered it.

    Somebody whose screen shows it may still answer it: then it is asked of the others again.
    """
    unanswered = {row.id for row in _list_abandoned(rows, given)}
    free = [row for row in rows if row.origin is Origin.ADDED and not row.held]
    abandoned = {row.id for row in free if row.id in unanswered and row.status in UNDECIDED}
    taken_up = {row.id for row in free if row.id not in unanswered and row.status is QuestionStatus.CLOSED}
    questions.save_status(tx, abandoned, QuestionStatus.CLOSED)
    questions.save_status(tx, taken_up, QuestionStatus.OPEN)
    standing = (replace(row, status=QuestionStatus.OPEN) if row.id in taken_up else row for row in rows)
    return [row for row in standing if row.id not in abandoned]


def _list_abandoned(rows: Iterable[Question], given: Iterable[Review]) -> tuple[Question, ...]:
    """Added classes on which nobody's answer stands, unless they wait for an adjudicator."""
    answered = {row.class_id for row in given if not row.withdrawn}
    return tuple(row for row in rows if row.origin is Origin.ADDED and not row.held and row.class_id not in answered)


def _save_statuses(tx: Transaction, asked: dict[int, Question], outcome: ItemOutcome) -> None:
    settled = [row.class_id for row in outcome.settled if row.class_id is not None]
    for status, classes in (
        (QuestionStatus.DECIDED, settled),
        (QuestionStatus.DISPUTED, outcome.disputed),
        (QuestionStatus.OPEN, outcome.waiting),
    ):
        ids = [asked[class_id].id for class_id in classes if asked[class_id].status is not status]
        questions.save_status(tx, ids, status)
