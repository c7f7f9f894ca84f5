"""Reopening: an adjudicator takes a decision back, with a reason."""

from __future__ import annotations

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.panel import Action, require
from regrade.records.panel import Decision, Pass
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal
from regrade.workflow.clock import now
from regrade.workflow.media import find_item
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import hold_decision, is_problematic
from regrade.workflow.workspace import Workspace

MAX_REASON_LENGTH = 10_000


def reopen(
    ws: Workspace, user: User, token: str, pass_: Pass, class_id: int | None, *, reason: str, key: str
) -> Receipt:
    """Take a decision back, with a reason. It waits for an adjudicator from then on, published or not.

    Published versions stay as they are, and say that it was reopened. What is decided next is a decision like any
    other: the next version carries it, whether it says the same or not.

    Args:
        ws: The workspace.
        user: The adjudicator.
        token: Of the item.
        pass_: Of which pass the decision is.
        class_id: On which class; None: that the item is problematic, or usable after all.
        reason: Why; stands beside it for good.
        key: Idempotency key made by the client.

    Raises:
        NotFoundError: There is no such decision in force.
        ConflictError: It is on a class of an item that is decided problematic: that has to be reopened first.
        InputError: There is no reason.
    """
    require(user, Action.ADJUDICATE, protocol=ws.protocol)
    split, item = find_item(ws, token)
    text = _check_reason(reason)

    def act() -> None:
        row = _choose(tx, split, item, pass_, class_id)
        if class_id is not None and is_problematic(tx, split, item):
            raise ConflictError(
                "The item was decided problematic: its classes are not asked about.", remedy="Reopen that first."
            )
        hold_decision(ws, tx, row, author=user.name, reason=text, at=at)
        facts = {
            "item": ws.split(split).ids[item],
            "class": class_id,
            "pass": str(pass_),
            "reason": text,
            "published_in": row.published_in,
        }
        journal.save_line(tx, actor=user.name, action="decisions.reopen", facts=facts, at=at)

    with ws.store.write() as tx:
        at = now()
        body = {"reopen": token, "pass": str(pass_), "class": class_id, "reason": text}
        return run_once(tx, key=key, user=user.name, body=body, at=at, act=act)


def _choose(tx: Transaction, split: str, item: int, pass_: Pass, class_id: int | None) -> Decision:
    current = decisions.list_current_decisions(tx, split, pass_=pass_, item=item)
    found = next((row for row in current if row.class_id == class_id), None)
    if found is None:
        raise NotFoundError(
            "There is no such decision in force.", remedy="Somebody may have reopened it: reload the page."
        )
    return found


def _check_reason(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise InputError("a reason", got="none", remedy="Say in a few words why.")
    if len(text) > MAX_REASON_LENGTH:
        raise InputError(f"a reason of at most {MAX_REASON_LENGTH:,} characters", got=f"{len(text):,}")
    return text
