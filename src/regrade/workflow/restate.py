"""Bring items' questions in line with their reviews and decisions, after some came from elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from regrade.panel import settle_item
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Origin, Pass, Proposal, Protocol, Question, QuestionStatus, Review
from regrade.store import Transaction, decisions, proposals, questions, reopenings, reviews
from regrade.workflow.asking import ask
from regrade.workflow.planning import UNDECIDED
from regrade.workflow.settle import close_second_pass, save_consensus, settle_second_pass
from regrade.workflow.workspace import Workspace

_OWED = (Origin.PREDICTION, Origin.IMPORTED)
"""Of what was predicted, the panel says what kind of mistake it is."""


@dataclass(slots=True)
class _Sheet:
    """All that is known of one item."""

    asked: dict[Pass, list[Question]] = field(default_factory=lambda: {pass_: [] for pass_ in Pass})
    given: dict[Pass, list[Review]] = field(default_factory=lambda: {pass_: [] for pass_ in Pass})
    decided: dict[tuple[Pass, int | None], Decision] = field(default_factory=dict)
    proposed: list[Proposal] = field(default_factory=list)
    disputed: frozenset[int] = frozenset()
    """Class ids on which the reviews differ in the first pass."""
    overruled: datetime | None = None
    """When an adjudicator took back that the item is problematic; None: none did."""

    @property
    def mistakes(self) -> frozenset[int | None]:
        """Class ids that are decided wrong."""
        return frozenset(class_id for (_, class_id), row in self.decided.items() if row.verdict is Verdict.WRONG)

    @property
    def is_problematic(self) -> bool:
        """Whether the item is decided problematic."""
        flag = self.decided.get((Pass.VERDICT, None))
        return flag is not None and not flag.usable

    @property
    def reopened(self) -> frozenset[int]:
        """Class ids whose verdict waits for an adjudicator since it was taken back: their second pass waits with it."""
        return frozenset(row.class_id for row in self.asked[Pass.VERDICT] if row.held)

    @property
    def answered_kinds(self) -> list[Question]:
        """Undecided questions of the second pass on which somebody has answered."""
        answered = {row.class_id for row in self.given[Pass.KIND]}
        return [row for row in self.asked[Pass.KIND] if row.class_id in answered and _status(self, row) in UNDECIDED]

    def is_abandoned(self, row: Question) -> bool:
        """Whether a reviewer has added the class and taken it back, and nobody else has answered it."""
        answered = {review.class_id for review in self.given[Pass.VERDICT] if not review.withdrawn}
        return (
            row.pass_ is Pass.VERDICT and row.origin is Origin.ADDED and row.class_id not in answered and not row.held
        )


def restate_items(ws: Workspace, tx: Transaction, split: str, items: Collection[int], *, at: datetime) -> None:
    """Set where every question on some items stands, and settle what is undecided.

    What is decided is decided, whatever the reviews say; what an adjudicator took back waits for one. All else is open
    again, and then settled by the protocol in force. A second pass is open where its class is decided wrong. It comes
    to the same as settling each item for itself, but reads and writes for all items at once.
    """
    protocol = ws.protocol_in(tx)
    sheets = _load_sheets(tx, split, items)
    for item, sheet in sheets.items():
        _settle_verdicts(tx, split, item, sheet, protocol, at=at)
    _open_kinds(ws, tx, split, sheets, at=at)
    _load_questions(tx, split, sheets, Pass.KIND)
    for item, sheet in sheets.items():
        for row in sheet.asked[Pass.KIND]:
            if row.class_id not in sheet.mistakes | sheet.reopened:
                close_second_pass(tx, split, item, row.class_id, at=at)
    _save_statuses(tx, sheets)
    for sheet in sheets.values():
        for row in sheet.answered_kinds:
            settle_second_pass(ws, tx, row, at=at)


def _load_sheets(tx: Transaction, split: str, items: Collection[int]) -> dict[int, _Sheet]:
    sheets = {item: _Sheet() for item in sorted(items)}
    _load_questions(tx, split, sheets, Pass.VERDICT)
    for item, at in reopenings.load_overruled(tx, split).items():
        if item in sheets:
            sheets[item].overruled = at
    for review in reviews.list_reviews(tx, split=split):
        if review.item in sheets:
            sheets[review.item].given[review.pass_].append(review)
    for decision in decisions.list_current_decisions(tx, split):
        if decision.item in sheets:
            sheets[decision.item].decided[decision.pass_, decision.class_id] = decision
    for proposal in proposals.list_proposals(tx, split):
        if proposal.item in sheets:
            sheets[proposal.item].proposed.append(proposal)
    return sheets


def _load_questions(tx: Transaction, split: str, sheets: dict[int, _Sheet], pass_: Pass) -> None:
    """Note on the sheets what is asked in a pass, and set which of it waits for an adjudicator."""
    waiting = reopenings.list_held(tx, split)
    changed: dict[bool, list[int]] = {True: [], False: []}
    for question in questions.list_questions(tx, split=split, pass_=pass_):
        if question.item not in sheets:
            continue
        held = (question.item, question.class_id, pass_) in waiting
        sheets[question.item].asked[pass_].append(replace(question, held=held))
        if held is not question.held:
            changed[held].append(question.id)
    for held, ids in changed.items():
        questions.save_held(tx, ids, held=held)


def _open_kinds(ws: Workspace, tx: Transaction, split: str, sheets: dict[int, _Sheet], *, at: datetime) -> None:
    """Ask what kind of mistake it is where a predicted class is decided wrong."""
    for origin in _OWED:
        wrong = [
            row
            for sheet in sheets.values()
            for row in sheet.asked[Pass.VERDICT]
            if row.origin is origin and row.class_id in sheet.mistakes
        ]
        places, classes = [row.item for row in wrong], [row.class_id for row in wrong]
        ask(ws, tx, split, places, classes, pass_=Pass.KIND, origin=origin, at=at)


def _settle_verdicts(
    tx: Transaction, split: str, item: int, sheet: _Sheet, protocol: Protocol, *, at: datetime
) -> None:
    """Save what the reviews of an item decide, and note on its sheet what they dispute."""
    if sheet.is_problematic:
        return
    given = sheet.given[Pass.VERDICT]
    asked = [row.class_id for row in sheet.asked[Pass.VERDICT] if _status(sheet, row) in UNDECIDED and not row.held]
    outcome = settle_item(given, asked, protocol, proposals=sheet.proposed, overruled=sheet.overruled)
    for settled in (outcome.problematic,) if outcome.problematic else outcome.settled:
        sheet.decided[Pass.VERDICT, settled.class_id] = save_consensus(
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
    sheet.disputed = frozenset(outcome.disputed)


def _status(sheet: _Sheet, row: Question) -> QuestionStatus:
    """Where a question stands by what is decided and disputed."""
    is_kind = row.pass_ is Pass.KIND
    if is_kind and row.class_id not in sheet.mistakes | sheet.reopened:
        return QuestionStatus.CLOSED
    if (row.pass_, row.class_id) in sheet.decided:
        return QuestionStatus.DECIDED
    if sheet.is_problematic or sheet.is_abandoned(row) or (is_kind and row.class_id not in sheet.mistakes):
        return QuestionStatus.CLOSED
    is_disputed = row.held or (not is_kind and row.class_id in sheet.disputed)
    return QuestionStatus.DISPUTED if is_disputed else QuestionStatus.OPEN


def _save_statuses(tx: Transaction, sheets: dict[int, _Sheet]) -> None:
    changed: dict[QuestionStatus, list[int]] = {}
    for sheet in sheets.values():
        for row in (row for rows in sheet.asked.values() for row in rows):
            status = _status(sheet, row)
            if status is not row.status:
                changed.setdefault(status, []).append(row.id)
    for status, ids in changed.items():
        questions.save_status(tx, ids, status)
