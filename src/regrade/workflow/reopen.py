"""Reopening: an adjudicator takes a decision back, with a reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.panel import Action, require
from regrade.records.labels import Verdict
from regrade.records.panel import Decision, Pass
from regrade.records.users import User
from regrade.store import Transaction, decisions, journal
from regrade.workflow.clock import now
from regrade.workflow.media import find_item
from regrade.workflow.receipts import Receipt, run_once
from regrade.workflow.settle import hold_decision, is_problematic
from regrade.workflow.workspace import Workspace

MAX_REASON_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class SeenDecision:
    """A decision as somebody saw it, who means to take it back."""

    token: str
    """Of the item."""
    pass_: Pass
    class_id: int | None
    """None: it is on the item, which is problematic, or usable after all."""
    decided_at: datetime | None = None
    """When it was made; None: whichever is in force."""


def reopen(ws: Workspace, user: User, seen: SeenDecision, *, reason: str, key: str) -> Receipt:
    """Take a decision back, with a reason. It waits for an adjudicator from then on, published or not.

    Published versions stay as they are, and say that it was reopened. What is decided next is a decision like any
    other: the next version carries it, whether it says the same or not.

    Args:
        ws: The workspace.
        user: The adjudicator.
        seen: The decision.
        reason: Why; stands beside it for good.
        key: Idempotency key made by the client.

    Raises:
        NotFoundError: There is no such decision.
        ConflictError: It was taken back already; another has taken its place since it was seen; it is on a class of an
            item that is decided problematic; or it says what kind of mistake it is, and the verdict waits: that has to
            come first.
        InputError: There is no reason.
    """
    require(user, Action.ADJUDICATE, protocol=ws.protocol)
    split, item = find_item(ws, seen.token)
    text = _check_reason(reason)

    def act() -> None:
        row = _choose(tx, split, item, seen)
        hold_decision(ws, tx, row, author=user.name, reason=text, at=at)
        facts = {
            "item": ws.split(split).ids[item],
            "class": seen.class_id,
            "pass": str(seen.pass_),
            "reason": text,
            "published_in": row.published_in,
        }
        journal.save_line(tx, actor=user.name, action="decisions.reopen", facts=facts, at=at)

    with ws.store.write() as tx:
        at = now()
        body = {"reopen": asdict(seen), "reason": text}
        return run_once(tx, key=key, user=user.name, body=body, at=at, act=act)


def _choose(tx: Transaction, split: str, item: int, seen: SeenDecision) -> Decision:
    current = decisions.list_current_decisions(tx, split, item=item)
    found = next((row for row in current if (row.pass_, row.class_id) == (seen.pass_, seen.class_id)), None)
    if found is None and seen.class_id in decisions.load_newest_ids(tx, split, item, seen.pass_):
        raise ConflictError("That decision was taken back already.", remedy="Reload the page and look at it again.")
    if found is None:
        raise NotFoundError("There is no such decision.", remedy="Reload the page and look at what is decided.")
    if seen.decided_at not in {None, found.created_at}:
        raise ConflictError("Another decision has taken its place.", remedy="Reload the page and look at it again.")
    if seen.class_id is not None and is_problematic(tx, split, item):
        raise ConflictError(
            "The item was decided problematic: its classes are not asked about.", remedy="Reopen that first."
        )
    verdicts = {row.class_id: row.verdict for row in current if row.pass_ is Pass.VERDICT}
    if seen.pass_ is Pass.KIND and verdicts.get(seen.class_id) is not Verdict.WRONG:
        raise ConflictError("Whether it is a mistake at all was reopened.", remedy="Decide that first.")
    return found


def _check_reason(reason: str) -> str:
    text = reason.strip()
    if not text:
        raise InputError("a reason", got="none", remedy="Say in a few words why.")
    if len(text) > MAX_REASON_LENGTH:
        raise InputError(f"a reason of at most {MAX_REASON_LENGTH:,} characters", got=f"{len(text):,}")
    return text
