"""What waits for adjudicators: what reviewers differ on, what publishing held back, what was reopened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from regrade.errors import NotFoundError
from regrade.panel import count_voters, counting_votes, effective_reviews, votes_needed
from regrade.records.adjudication import BallotRow
from regrade.records.labels import LabelSet
from regrade.records.panel import Decision, Origin, Pass, Proposal, Question, QuestionStatus, Review
from regrade.records.predictions import NO_CLASS
from regrade.records.users import User
from regrade.store import Transaction, ballots, decisions, proposals, questions, reopenings, reviews
from regrade.workflow.decisions import say_decision
from regrade.workflow.drafts import Standstill, find_standstills
from regrade.workflow.guide import ClassCard, class_card
from regrade.workflow.label_diffs import describe_verdict
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import find_item, item_token, media_token
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

NOT_WAITING = "This item waits for no adjudicator."
RELOAD = "Somebody may have decided it: reload the list."
DIFFER = "reviewers differ"
REOPENED = "a decision was reopened"


@dataclass(frozen=True, slots=True)
class Poll:
    """How far adjudication has come. Who voted for what is not in here: adjudicators vote blind to each other."""

    n_votes: int
    """Adjudicators who have voted on any of what waits."""
    n_needed: int
    """How many must say the same; 1: the first decides."""
    voted: bool
    """The adjudicator who looks has, on all of it."""
    problematic: bool
    """And has called the item problematic."""


@dataclass(frozen=True, slots=True)
class WaitingReopening:
    """A decision that was taken back, and has not been taken anew."""

    class_name: str
    """Empty where it was on the item being problematic."""
    author: str
    reason: str
    at: datetime


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
    own: str
    """What the adjudicator who looks has voted on it; empty where not at all, or it counts no more."""
    disputed: bool
    """The adjudicator must decide it; the others are shown for context and may be decided too."""
    n_votes: int
    """Adjudicators whose vote on it counts."""
    decided: str
    """The panel's decision that waits to be published; empty where there is none."""
    decided_by: str
    """Who decided that."""


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
    reopened: tuple[WaitingReopening, ...]
    """The decisions on it that were taken back, and wait to be taken anew."""
    poll: Poll


@dataclass(frozen=True, slots=True)
class DisputeSummary:
    """One line of the list of disputes."""

    token: str
    media: str | None
    pass_: Pass
    reason: str
    item_id: str
    class_names: tuple[str, ...]
    poll: Poll


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """One item that waits, in one pass."""

    item: int
    pass_: Pass
    reason: str
    classes: tuple[int, ...]
    """Class ids that an adjudicator must decide; empty where it is only whether the item is problematic."""


def list_disputes(ws: Workspace, *, user: User | None = None, split: str = MAIN_SPLIT) -> tuple[DisputeSummary, ...]:
    """All items that wait for an adjudicator: first passes, then second passes, by item.

    Args:
        ws: The workspace.
        user: The adjudicator who looks; None: nobody in particular.
        split: The split.
    """
    with ws.store.read() as tx:
        waiting = open_disputes(ws, tx, split)
        polled = {(row.item, row.pass_) for row in ballots.list_ballots(tx, split)}
        votes = {place: load_votes(tx, split, *place) for place in polled}
        n_needed = votes_needed(ws.protocol_in(tx))
    return tuple(
        DisputeSummary(
            token=item_token(ws, split, row.item),
            media=media_token(ws, split, row.item),
            pass_=row.pass_,
            reason=row.reason,
            item_id=ws.split(split).ids[row.item],
            class_names=tuple(ws.classes.titles[class_id] for class_id in row.classes),
            poll=_poll(votes.get((row.item, row.pass_), ()), row, user, n_needed),
        )
        for row in waiting
    )


def load_dispute(ws: Workspace, token: str, pass_: Pass, *, user: User | None = None) -> Dispute:
    """One item with its reviews side by side.

    Args:
        ws: The workspace.
        token: Of the item.
        pass_: Which pass of it.
        user: The adjudicator who looks, and sees the votes of nobody else; None: nobody in particular.

    Raises:
        NotFoundError: It does not wait for an adjudicator (any more).
    """
    split, item = find_item(ws, token)
    version = labels_of_split(ws, split)
    with ws.store.read() as tx:
        waiting = open_disputes(ws, tx, split)
        dispute = find_dispute(waiting, item, pass_)
        if dispute is None:
            raise NotFoundError(NOT_WAITING, remedy=RELOAD)
        given = effective_reviews(reviews.list_item_reviews(tx, split, item, pass_))
        asked = questions.list_item_questions(tx, split, item, pass_)
        proposed = proposals.list_item_proposals(tx, split, item)
        votes = load_votes(tx, split, item, pass_)
        reopened = _waiting_reopenings(ws, tx, split, dispute)
        waiting_decisions = decisions.list_current_decisions(tx, split, pass_=pass_, item=item, unpublished=True)
        n_needed = votes_needed(ws.protocol_in(tx))
    return Dispute(
        token=token,
        media=media_token(ws, split, item),
        item_id=ws.split(split).ids[item],
        pass_=pass_,
        reason=dispute.reason,
        classes=_view_classes(
            ws,
            split,
            dispute,
            asked=asked,
            given=given,
            proposed=proposed,
            votes=votes,
            user=user,
            decided={row.class_id: row for row in waiting_decisions},
            labels=load_labels(ws, version),
        ),
        labels=version.ref,
        position=waiting.index(dispute),
        n_disputes=len(waiting),
        reopened=reopened,
        poll=_poll(votes, dispute, user, n_needed),
    )


def find_dispute(waiting: Iterable[OpenDispute], item: int, pass_: Pass) -> OpenDispute | None:
    """The dispute on an item in a pass; None: there is none (any more)."""
    return next((row for row in waiting if (row.item, row.pass_) == (item, pass_)), None)


def load_votes(tx: Transaction, split: str, item: int, pass_: Pass) -> tuple[BallotRow, ...]:
    """The adjudicators' votes on an item that count."""
    given = ballots.list_item_ballots(tx, split, item, pass_)
    return counting_votes(given, decisions.load_newest_ids(tx, split, item, pass_)) if given else ()


def open_disputes(ws: Workspace, tx: Transaction, split: str) -> tuple[OpenDispute, ...]:
    """All that waits: first passes, then second passes, by item."""
    rows = questions.list_questions(tx, split=split, status=QuestionStatus.DISPUTED)
    standstills = {row.item: row for row in find_standstills(ws, tx, split)}
    pending = reopenings.list_pending_items(tx, split)
    found: dict[tuple[Pass, int], list[int]] = {(Pass.VERDICT, item): [] for item in pending}
    for row in sorted(rows, key=lambda row: (row.item, row.class_id)):
        found.setdefault((row.pass_, row.item), []).append(row.class_id)
    for item, standstill in standstills.items():
        found.setdefault((Pass.VERDICT, item), []).extend(standstill.classes)
    held = {(row.pass_, row.item) for row in rows if row.held} | {(Pass.VERDICT, item) for item in pending}
    return tuple(
        OpenDispute(
            item=item,
            pass_=pass_,
            reason=_reason(pass_, standstills.get(item), is_reopened=(pass_, item) in held),
            classes=tuple(dict.fromkeys(classes)),
        )
        for (pass_, item), classes in sorted(found.items(), key=lambda row: (row[0][0] is Pass.KIND, row[0][1]))
    )


def _reason(pass_: Pass, standstill: Standstill | None, *, is_reopened: bool) -> str:
    if standstill and pass_ is Pass.VERDICT:
        return standstill.reason
    return REOPENED if is_reopened else DIFFER


def _poll(votes: tuple[BallotRow, ...], dispute: OpenDispute, user: User | None, n_needed: int) -> Poll:
    mine = [row for row in votes if user is not None and row.voter == user.name]
    return Poll(
        n_votes=count_voters(votes, dispute.classes),
        n_needed=n_needed,
        voted=bool(mine) and all(count_voters(mine, [class_id]) for class_id in dispute.classes),
        problematic=any(row.is_flag for row in mine),
    )


def _waiting_reopenings(
    ws: Workspace, tx: Transaction, split: str, dispute: OpenDispute
) -> tuple[WaitingReopening, ...]:
    """Those after which nothing was decided."""
    newest = decisions.load_newest_ids(tx, split, dispute.item, dispute.pass_)
    lines = {row.line: row for row in reopenings.list_reopenings(tx, split, item=dispute.item)}
    waiting = [lines[line] for line in newest.values() if line in lines]
    return tuple(
        WaitingReopening(
            class_name="" if row.decision.class_id is None else ws.classes.titles[row.decision.class_id],
            author=row.author,
            reason=row.reason,
            at=row.at,
        )
        for row in sorted(waiting, key=lambda row: row.line)
    )


def _view_classes(
    ws: Workspace,
    split: str,
    dispute: OpenDispute,
    *,
    asked: tuple[Question, ...],
    given: tuple[Review, ...],
    proposed: tuple[Proposal, ...],
    votes: tuple[BallotRow, ...],
    user: User | None,
    decided: Mapping[int | None, Decision],
    labels: LabelSet,
) -> tuple[DisputedClass, ...]:
    accepted = labels.accepted_classes(dispute.item)
    own = {row.class_id: row for row in votes if user is not None and row.voter == user.name}
    voted = (class_id for class_id in own if class_id is not None)
    shown = dict.fromkeys((*dispute.classes, *(row.class_id for row in asked), *accepted, *voted))
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
            own=_describe_vote(own.get(class_id)),
            disputed=class_id in dispute.classes,
            n_votes=count_voters(votes, [class_id]),
            decided=say_decision(decided[class_id]) if class_id in decided else "",
            decided_by=decided[class_id].author if class_id in decided else "",
        )
        for class_id in shown
    )


def _role(class_id: int, accepted: tuple[int, ...], origins: dict[int, Origin]) -> str:
    if class_id in accepted:
        return "accepted"
    origin = origins.get(class_id, Origin.ADDED)
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


def _describe_vote(row: BallotRow | None) -> str:
    if row is None:
        return ""
    return str(row.verdict) if row.verdict else f"{row.category}, {row.severity}"
