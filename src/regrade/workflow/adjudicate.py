"""Adjudication: what reviewers differ on, what publishing held back, and an adjudicator's decisions with a reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError, NotFoundError
from regrade.panel import Action, effective_reviews, require
from regrade.records.labels import LabelSet, Verdict
from regrade.records.panel import (
    Decision,
    DecisionMethod,
    KindAnswer,
    Origin,
    Pass,
    Proposal,
    Question,
    QuestionStatus,
    Review,
)
from regrade.records.predictions import NO_CLASS
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal, proposals, questions, reviews
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.guide import ClassCard, class_card
from regrade.workflow.labels import describe_verdict, labels_of_split, load_labels
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.predictions import load_predictions
from regrade.workflow.publish import CHANGED_SINCE, Standstill, find_standstills
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import close_item, close_second_pass, open_second_pass, take_back
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

DIFFER = "reviewers differ"
PROBLEMATIC = "is the item problematic?"


@dataclass(frozen=True, slots=True)
class Vote:
    """One reviewer's answer on one class, as the adjudicator sees it."""

    reviewer: str
    verdict: str
    """`correct`, `unclear`, `wrong`, `problematic`; empty in the second pass."""
    added: bool
    category: str
    severity: str
    note: str
    discuss: bool


@dataclass(frozen=True, slots=True)
class DisputedClass:
    """One class of an item under adjudication."""

    card: ClassCard
    role: str
    """`accepted`, `predicted`, `added` or `proposed`."""
    n_models: int
    """Models that predicted it."""
    current: str
    """The verdict in force."""
    votes: tuple[Vote, ...]
    proposal: Proposal | None
    """Who proposed the class, and why."""
    disputed: bool
    """The adjudicator must decide it; the others are shown for context and may be decided too."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One item under adjudication in one pass."""

    token: str
    media: str | None
    item_id: str
    pass_: Pass
    reason: str
    classes: tuple[DisputedClass, ...]
    labels: str
    position: int
    """0-based place among all disputes."""
    n_disputes: int


@dataclass(frozen=True, slots=True)
class DisputeSummary:
    """One line of the list of disputes."""

    token: str
    media: str | None
    pass_: Pass
    reason: str
    item_id: str
    class_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjudication:
    """What an adjudicator decides on one item."""

    verdicts: dict[int, Verdict]
    """By class id; may name a class that nobody asked about."""
    problematic: bool = False
    kinds: tuple[KindAnswer, ...] = ()
    reason: str = ""


class _Place(NamedTuple):
    split: str
    item: int
    pass_: Pass


@dataclass(frozen=True, slots=True)
class _OpenDispute:
    item: int
    pass_: Pass
    reason: str
    classes: tuple[int, ...]


def list_disputes(ws: Workspace, *, split: str = MAIN_SPLIT) -> tuple[DisputeSummary, ...]:
    """All items that wait for an adjudicator: first passes, then second passes, by item."""
    return tuple(
        DisputeSummary(
            token=item_token(ws, split, row.item),
            media=media_token(ws, split, row.item),
            pass_=row.pass_,
            reason=row.reason,
            item_id=ws.split(split).ids[row.item],
            class_names=tuple(ws.classes.names[class_id] for class_id in row.classes),
        )
        for row in _list_open(ws, split)
    )


def load_dispute(ws: Workspace, token: str, pass_: Pass) -> Dispute:
    """One item with its reviews side by side.

    Raises:
        NotFoundError: It does not wait for an adjudicator (any more).
    """
    split, item = find_item(ws, token)
    rows = _list_open(ws, split)
    place = next((at for at, row in enumerate(rows) if (row.item, row.pass_) == (item, pass_)), None)
    if place is None:
        raise NotFoundError(
            "This item waits for no adjudicator.", remedy="Somebody may have decided it: reload the list."
        )
    version = labels_of_split(ws, split)
    with ws.store.read() as tx:
        given = effective_reviews(reviews.list_item_reviews(tx, split, item, pass_))
        asked = questions.list_item_questions(tx, split, item, pass_)
        proposed = proposals.list_item_proposals(tx, split, item)
    return Dispute(
        token=token,
        media=media_token(ws, split, item),
        item_id=ws.split(split).ids[item],
        pass_=pass_,
        reason=rows[place].reason,
        classes=_view_classes(
            ws, split, rows[place], asked=asked, given=given, proposed=proposed, labels=load_labels(ws, version)
        ),
        labels=version.ref,
        position=place,
        n_disputes=len(rows),
    )


def adjudicate(ws: Workspace, user: User, token: str, pass_: Pass, adjudication: Adjudication, *, key: str) -> Receipt:
    """Decide what waits on one item, with a reason. All or nothing, saved once.

    Raises:
        NotFoundError: The item waits for no adjudicator.
        InputError: No reason; a disputed class without a verdict; or no accepted class would be left.
    """
    require(user, Action.ADJUDICATE, protocol=ws.protocol)
    split, item = find_item(ws, token)
    body = {"item": token, "pass": str(pass_), "adjudication": _as_body(adjudication)}
    with ws.store.write() as tx:
        at = now()
        return run_once(
            tx,
            key=key,
            user=user.name,
            body=body,
            at=at,
            act=lambda: _adjudicate(ws, tx, _Place(split, item, pass_), adjudication, user=user, at=at),
        )


def _as_body(adjudication: Adjudication) -> dict[str, object]:
    body = asdict(adjudication)
    body["verdicts"] = {str(class_id): str(verdict) for class_id, verdict in adjudication.verdicts.items()}
    return body


def _list_open(ws: Workspace, split: str) -> tuple[_OpenDispute, ...]:
    with ws.store.read() as tx:
        rows = questions.list_questions(tx, split=split, status=QuestionStatus.DISPUTED)
    standstills = {row.item: row for row in find_standstills(ws, split)}
    found: dict[tuple[Pass, int], list[int]] = {}
    for row in sorted(rows, key=lambda row: (row.item, row.class_id)):
        found.setdefault((row.pass_, row.item), []).append(row.class_id)
    for item, standstill in standstills.items():
        found.setdefault((Pass.VERDICT, item), []).extend(standstill.classes)
    return tuple(
        _OpenDispute(item, pass_, _reason(pass_, standstills.get(item)), tuple(dict.fromkeys(classes)))
        for (pass_, item), classes in sorted(found.items(), key=lambda row: (row[0][0] is Pass.KIND, row[0][1]))
    )


def _reason(pass_: Pass, standstill: Standstill | None) -> str:
    return standstill.reason if standstill and pass_ is Pass.VERDICT else DIFFER


def _view_classes(
    ws: Workspace,
    split: str,
    dispute: _OpenDispute,
    *,
    asked: tuple[Question, ...],
    given: tuple[Review, ...],
    proposed: tuple[Proposal, ...],
    labels: LabelSet,
) -> tuple[DisputedClass, ...]:
    accepted = labels.accepted_classes(dispute.item)
    shown = dict.fromkeys((*dispute.classes, *(row.class_id for row in asked), *accepted))
    if dispute.pass_ is Pass.KIND:
        shown = dict.fromkeys((*dispute.classes, *accepted))
    origins = {row.class_id: row.origin for row in asked}
    n_models = _count_models(ws, split, dispute.item)
    proposal_of = {row.class_id: row for row in proposed}
    return tuple(
        DisputedClass(
            card=class_card(ws, class_id, split=split, item=dispute.item),
            role=_role(class_id, accepted, origins),
            n_models=int(n_models[class_id]),
            current=describe_verdict(labels.verdict(dispute.item, class_id)),
            votes=tuple(_vote(row) for row in given if row.class_id == class_id or row.problematic),
            proposal=proposal_of.get(class_id),
            disputed=class_id in dispute.classes,
        )
        for class_id in shown
    )


def _role(class_id: int, accepted: tuple[int, ...], origins: dict[int, Origin]) -> str:
    if class_id in accepted:
        return "accepted"
    origin = origins.get(class_id)
    return str(origin) if origin in {Origin.ADDED, Origin.PROPOSED} else "predicted"


def _count_models(ws: Workspace, split: str, item: int) -> npt.NDArray[np.int64]:
    top = [row.classes[item, 0] for row in load_predictions(ws, None, split, scores=False)]
    named = [int(class_id) for class_id in top if class_id != NO_CLASS]
    return np.bincount(named, minlength=len(ws.classes))


def _vote(row: Review) -> Vote:
    return Vote(
        reviewer=row.reviewer,
        verdict="problematic" if row.problematic else str(row.verdict or ""),
        added=row.added,
        category=row.category or "",
        severity=row.severity or "",
        note=row.note,
        discuss=row.discuss,
    )


def _adjudicate(
    ws: Workspace,
    tx: Transaction,
    place: _Place,
    adjudication: Adjudication,
    *,
    user: User,
    at: datetime,
) -> None:
    split, item, pass_ = place
    dispute = next((row for row in _list_open(ws, split) if (row.item, row.pass_) == (item, pass_)), None)
    if dispute is None:
        raise NotFoundError(
            "This item waits for no adjudicator.", remedy="Somebody may have decided it: reload the list."
        )
    if not adjudication.reason.strip():
        raise InputError("a reason", got="none", remedy="Say in a few words why.")
    head = labels_of_split(ws, split)
    desk = _Desk(ws, tx, user, split, item, head.ref, adjudication.reason.strip(), at)
    if pass_ is Pass.KIND:
        desk.decide_kinds(dispute, adjudication)
    elif adjudication.problematic:
        desk.decide_problematic(dispute)
    else:
        desk.decide_verdicts(dispute, adjudication)
    facts = {"item": ws.split(split).ids[item], "pass": str(pass_), "reason": desk.reason}
    journal.save_line(tx, actor=user.name, action="adjudication.save", facts=facts, at=at)


@dataclass(frozen=True, slots=True)
class _Desk:
    """One adjudicator at one item, within one transaction."""

    ws: Workspace
    tx: Transaction
    user: User
    split: str
    item: int
    base: str
    reason: str
    at: datetime

    def decide_kinds(self, dispute: _OpenDispute, adjudication: Adjudication) -> None:
        taxonomy = self.ws.settings.taxonomy
        categories = {row.key for row in taxonomy.categories}
        severities = {row.key for row in taxonomy.severities}
        if {row.class_id for row in adjudication.kinds} != set(dispute.classes):
            raise self._incomplete("a category and a severity for every disputed class")
        for kind in adjudication.kinds:
            if kind.category not in categories or kind.severity not in severities:
                raise InputError("a category and a severity of the taxonomy", got=f"{kind.category}, {kind.severity}")
            self._save(kind.class_id, Pass.KIND, category=kind.category, severity=kind.severity)
            self._mark({kind.class_id}, Pass.KIND, QuestionStatus.DECIDED)

    def decide_problematic(self, dispute: _OpenDispute) -> None:
        for row in self._waiting() if dispute.reason == CHANGED_SINCE else ():
            if row.class_id in dispute.classes:
                take_back(self.tx, row, reason="the item is problematic", at=self.at)
                self._mark({row.class_id}, Pass.VERDICT, QuestionStatus.CLOSED)
        self._save(None, Pass.VERDICT)
        close_item(self.tx, self.split, self.item)

    def decide_verdicts(self, dispute: _OpenDispute, adjudication: Adjudication) -> None:
        verdicts = adjudication.verdicts
        missing = [class_id for class_id in dispute.classes if class_id not in verdicts]
        if missing:
            names = ", ".join(self.ws.classes.names[class_id] for class_id in missing)
            raise self._incomplete(f"a verdict for every disputed class (missing: {names})")
        if not all(0 <= class_id < len(self.ws.classes) for class_id in verdicts):
            raise InputError(f"class ids 0 to {len(self.ws.classes) - 1}", got=str(sorted(verdicts)))
        self._check_accepted(verdicts)
        self._ask_added(verdicts)
        for row in self._waiting():
            if row.class_id is None:
                take_back(self.tx, row, reason="an adjudicator gave verdicts instead", at=self.at)
        for class_id, verdict in verdicts.items():
            self._save(class_id, Pass.VERDICT, verdict=verdict)
        self._mark(set(verdicts), Pass.VERDICT, QuestionStatus.DECIDED)
        self._steer_second_pass(verdicts)

    def _check_accepted(self, verdicts: dict[int, Verdict]) -> None:
        """The item keeps an accepted class by what stands in the labels, what waits to be published, and this."""
        standing: dict[int, Verdict] = dict.fromkeys(
            load_labels(self.ws, self.base).accepted_classes(self.item), Verdict.CORRECT
        )
        standing |= {row.class_id: row.verdict for row in self._waiting() if row.class_id is not None and row.verdict}
        standing |= verdicts
        if all(verdict is Verdict.WRONG for verdict in standing.values()):
            raise InputError(
                "at least one class correct or unclear, or a problematic item",
                got="every class wrong",
                remedy="Add the class that the item shows, or mark the item as problematic.",
            )

    def _waiting(self) -> tuple[Decision, ...]:
        """The first-pass decisions on the item that no version carries yet."""
        return decisions.list_current_decisions(
            self.tx, self.split, pass_=Pass.VERDICT, item=self.item, unpublished=True
        )

    def _ask_added(self, verdicts: dict[int, Verdict]) -> None:
        items = [self.item] * len(verdicts)
        ask(self.ws, self.tx, self.split, items, list(verdicts), pass_=Pass.VERDICT, origin=Origin.ADDED, at=self.at)

    def _steer_second_pass(self, verdicts: dict[int, Verdict]) -> None:
        rows = questions.list_item_questions(self.tx, self.split, self.item, Pass.VERDICT)
        wrong = [row for row in rows if verdicts.get(row.class_id) is Verdict.WRONG]
        open_second_pass(self.ws, self.tx, wrong, at=self.at)
        for class_id, verdict in verdicts.items():
            if verdict is not Verdict.WRONG:
                close_second_pass(self.tx, self.split, self.item, class_id, at=self.at)

    def _mark(self, classes: set[int], pass_: Pass, status: QuestionStatus) -> None:
        rows = questions.list_item_questions(self.tx, self.split, self.item, pass_)
        questions.save_status(self.tx, [row.id for row in rows if row.class_id in classes], status)

    def _save(
        self,
        class_id: int | None,
        pass_: Pass,
        *,
        verdict: Verdict | None = None,
        category: str | None = None,
        severity: str | None = None,
    ) -> None:
        decisions.save_decision(
            self.tx,
            split=self.split,
            item=self.item,
            class_id=class_id,
            pass_=pass_,
            verdict=verdict,
            category=category,
            severity=severity,
            method=DecisionMethod.ADJUDICATION,
            author=self.user.name,
            reason=self.reason,
            base=self.base,
            at=self.at,
        )

    def _incomplete(self, expected: str) -> InputError:
        return InputError(expected, got="an incomplete adjudication", remedy="Decide the rest and send it again.")
