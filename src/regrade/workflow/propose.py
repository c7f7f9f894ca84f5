"""Proposals: somebody says that an item shows a class which nobody was asked about, and the panel is asked, blind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.panel import (
    Action,
    Hearing,
    ProposalState,
    check_text,
    hear_proposal,
    may,
    proposal_state,
    require,
)
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Decision, Origin, Pass, Proposal, Question
from regrade.records.users import Role, User
from regrade.store import Transaction, decisions, journal, proposals, questions
from regrade.workflow.asking import ask
from regrade.workflow.clock import now
from regrade.workflow.labels import labels_of_split, load_labels
from regrade.workflow.media import media_token
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import is_problematic, raise_questions
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

MAX_UNDECIDED = 200
"""Proposals of one user that the panel has yet to decide: nobody can flood it."""
MAX_REASON_LENGTH = 2000
"""Characters."""


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that somebody looks for. Says nothing of its label, of models, or of the panel."""

    item_id: str
    media: str | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """One of a user's proposals, and where it stands. Until it is decided nothing tells what reviewers say."""

    item_id: str
    media: str | None
    class_id: int
    class_key: str
    class_name: str
    reason: str
    created_at: datetime
    state: ProposalState
    verdict: str | None
    """What was decided; None before that."""
    published_in: str | None
    """`NAME@N` of the version that carries it; None while it waits for one."""


def find_proposed_item(ws: Workspace, user: User, item_id: str, *, split: str = MAIN_SPLIT) -> FoundItem:
    """The item of an id, for somebody who wants to propose a class for it.

    Raises:
        NotFoundError: The split has no such item.
    """
    require(user, Action.PROPOSE, protocol=ws.protocol)
    item = _position(ws, split, item_id)
    return FoundItem(ws.split(split).ids[item], media_token(ws, split, item))


def propose_class(
    ws: Workspace, user: User, item_id: str, class_id: int, reason: str, *, key: str, split: str = MAIN_SPLIT
) -> Receipt:
    """Ask the panel whether an item shows a class. Nobody on the panel learns that it was proposed, nor by whom.

    Args:
        ws: The workspace.
        user: Who proposes.
        item_id: The item.
        class_id: The class.
        reason: Why; adjudicators read it.
        key: Idempotency key made by the client: sending the same again gives the same receipt.
        split: The split.

    Raises:
        ConflictError: The panel is asked already, or the class has been judged on this item; the item is problematic or
            not graded; the user has MAX_UNDECIDED undecided proposals; or the key was used for something else.
        InputError: There is no such class, or no reason.
        NotFoundError: The split has no such item.
    """
    require(user, Action.PROPOSE, protocol=ws.protocol)
    item = _position(ws, split, item_id)
    if not 0 <= class_id < len(ws.classes):
        raise InputError(f"a class id in 0..{len(ws.classes) - 1}", got=str(class_id), remedy="Choose a class.")
    reason = reason.strip()
    check_text(reason, "a reason", n_least=1, n_most=MAX_REASON_LENGTH)
    with ws.store.write() as tx:
        at = now()
        proposal = Proposal(
            id=0,
            proposer=user.name,
            split=split,
            item=item,
            class_id=class_id,
            reason=reason,
            labels=labels_of_split(ws, split).ref,
            created_at=at,
        )
        return run_once(
            tx,
            key=key,
            user=user.name,
            body={"propose": [split, item, class_id], "reason": reason},
            at=at,
            act=lambda: _propose(ws, tx, user, proposal, at=at),
        )


def list_proposals(ws: Workspace, user: User, *, limit: int = 200) -> tuple[ProposalView, ...]:
    """A user's own proposals, newest first, at most `limit`."""
    require(user, Action.PROPOSE, protocol=ws.protocol)
    with ws.store.read() as tx:
        given = proposals.list_user_proposals(tx, user.name, limit=limit)
        return tuple(_view(ws, tx, row) for row in given)


def _position(ws: Workspace, split: str, item_id: str) -> int:
    try:
        return ws.split(split).ids.index(item_id)
    except ValueError:
        raise NotFoundError(
            f"There is no item {item_id[:200]!r}.", remedy="Write its id as the benchmark has it, to the letter."
        ) from None


def _propose(ws: Workspace, tx: Transaction, user: User, proposal: Proposal, *, at: datetime) -> None:
    _check_not_too_many(tx, user)
    asked = questions.list_item_questions(tx, proposal.split, proposal.item, Pass.VERDICT)
    _check_hearing(ws, tx, user, proposal, asked)
    proposals.save_proposal(tx, proposal)
    _ask(ws, tx, proposal, asked, at=at)
    facts = {"item": ws.split(proposal.split).ids[proposal.item], "class": ws.classes.keys[proposal.class_id]}
    journal.save_line(tx, actor=user.name, action="proposals.save", facts=facts, at=at)


def _check_not_too_many(tx: Transaction, user: User) -> None:
    if proposals.count_undecided(tx, user.name) >= MAX_UNDECIDED:
        raise ConflictError(
            f"You have {MAX_UNDECIDED} proposals that the panel has yet to decide.", remedy="Wait for some of them."
        )


def _check_hearing(ws: Workspace, tx: Transaction, user: User, proposal: Proposal, asked: tuple[Question, ...]) -> None:
    version = labels_of_split(ws, proposal.split)
    labels = load_labels(ws, version)
    problematic = is_problematic(tx, proposal.split, proposal.item)
    hearing = hear_proposal(labels, proposal.item, proposal.class_id, asked, problematic=problematic)
    if hearing is not Hearing.OPEN:
        raise ConflictError(_refusal(ws, user, proposal, hearing, version), remedy="Nothing was changed.")


def _refusal(ws: Workspace, user: User, proposal: Proposal, hearing: Hearing, version: LabelSetVersion) -> str:
    item, name = ws.split(proposal.split).ids[proposal.item], ws.classes.titles[proposal.class_id]
    if hearing is Hearing.UNGRADED:
        return f"{version.ref} does not cover {item}: no model is graded on it."
    if hearing is Hearing.PROBLEMATIC:
        return f"{item} has been found problematic: nothing more is asked of it."
    if Role.REVIEWER in user.roles and not may(user, Action.VIEW_RESULTS, protocol=ws.protocol):
        # To a blind reviewer the two would tell the label from the rest.
        return f"{name} has been judged on {item} already, or the panel is being asked."
    if hearing is Hearing.ASKED:
        return f"The panel is being asked already whether {item} shows {name}."
    return f"{name} has been judged on {item} already, by {version.ref} or by the panel since."


def _ask(ws: Workspace, tx: Transaction, proposal: Proposal, asked: tuple[Question, ...], *, at: datetime) -> None:
    """Make it a case; a question that rode along, or that its reviewer took back, becomes one."""
    known = [row for row in asked if row.class_id == proposal.class_id]
    if known:
        raise_questions(ws, tx, proposal.split, known, Origin.PROPOSED, at=at)
        return
    pair = ([proposal.item], [proposal.class_id])
    ask(ws, tx, proposal.split, *pair, pass_=Pass.VERDICT, origin=Origin.PROPOSED, at=at)


def _view(ws: Workspace, tx: Transaction, followed: proposals.FollowedProposal) -> ProposalView:
    row, state = followed.proposal, proposal_state(followed.status)
    decision = _decision(tx, row) if state is ProposalState.DECIDED else None
    return ProposalView(
        item_id=ws.split(row.split).ids[row.item],
        media=media_token(ws, row.split, row.item),
        class_id=row.class_id,
        class_key=ws.classes.keys[row.class_id],
        class_name=ws.classes.titles[row.class_id],
        reason=row.reason,
        created_at=row.created_at,
        state=state,
        verdict=str(decision.verdict) if decision else None,
        published_in=decision.published_in if decision else None,
    )


def _decision(tx: Transaction, row: Proposal) -> Decision | None:
    current = decisions.list_current_decisions(tx, row.split, pass_=Pass.VERDICT, item=row.item)
    return next((found for found in current if found.class_id == row.class_id), None)
