"""What came of an adjudicator's word, right after it was given: decided, or what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from regrade.panel import Action, count_voters, newest_on, require, votes_needed
from regrade.records.adjudication import BallotRow
from regrade.records.panel import Decision
from regrade.records.users import User
from regrade.store import Transaction, ballots, decisions
from regrade.workflow.decisions import say_decision
from regrade.workflow.disputes import load_votes
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class VoteOutcome:
    """What has come of what an adjudicator said of one class."""

    class_name: str
    """Empty where it was said of the whole item."""
    said: str
    """`decided: wrong`, say, or what it waits for. Of the others' votes it tells no more than how many are in."""


@dataclass(frozen=True, slots=True)
class SavedVote:
    """What an adjudicator said of one item at once, and what has come of it."""

    token: str
    """Of the item."""
    item_id: str
    at: datetime
    """When it was saved, UTC."""
    outcomes: tuple[VoteOutcome, ...]
    """Of each class that was named, in the order in which they were; one of the item where none was."""


def find_saved_vote(ws: Workspace, user: User, key: str) -> SavedVote | None:
    """What came of what was adjudicated under a key; None where the user has said nothing under it.

    Raises:
        PermissionDeniedError: The user is no adjudicator.
    """
    require(user, Action.ADJUDICATE, protocol=ws.protocol)
    with ws.store.read() as tx:
        rows = ballots.list_ballot(tx, key, voter=user.name)
        if not rows:
            return None
        outcomes = tuple(VoteOutcome(_name(ws, row), _say(ws, tx, row)) for row in rows)
    first = rows[0]
    return SavedVote(
        token=item_token(ws, first.split, first.item),
        item_id=ws.split(first.split).ids[first.item],
        at=first.created_at,
        outcomes=outcomes,
    )


def _name(ws: Workspace, row: BallotRow) -> str:
    return "" if row.class_id is None else ws.classes.titles[row.class_id]


def _say(ws: Workspace, tx: Transaction, row: BallotRow) -> str:
    """Nothing was decided on the class since the vote: it waits. Else what is decided, unless that was reopened."""
    newest = decisions.load_newest_ids(tx, row.split, row.item, row.pass_)
    if newest_on(row.class_id, newest) == row.after:
        return _say_waiting(ws, tx, row)
    current = decisions.list_current_decisions(tx, row.split, pass_=row.pass_, item=row.item)
    found = [decision for decision in current if decision.class_id in {row.class_id, None} and _is_new(decision, row)]
    if found:
        return f"decided: {say_decision(found[-1])}"
    return "void: something else was decided on the item" if row.class_id is None else "reopened since"


def _is_new(decision: Decision, row: BallotRow) -> bool:
    return decision.id > (row.after or 0)


def _say_waiting(ws: Workspace, tx: Transaction, row: BallotRow) -> str:
    asked = [] if row.class_id is None else [row.class_id]
    n_votes = count_voters(load_votes(tx, row.split, row.item, row.pass_), asked)
    n_missing = votes_needed(ws.protocol_in(tx)) - n_votes
    if n_missing > 0:
        return f"waits for {n_missing} more vote{'' if n_missing == 1 else 's'}"
    return f"not decided by {n_votes} votes: waits for one more vote"
