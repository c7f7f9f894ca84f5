"""The panel's decisions that are in force, with names."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.panel import Decision, Pass
from regrade.store import decisions
from regrade.workflow.media import item_token
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision with its item and class by name."""

    decision: Decision
    token: str
    """Of the item."""
    item_id: str
    class_name: str
    """Empty where the decision is on the item being problematic."""


def list_decisions(
    ws: Workspace, *, pass_: Pass | None = None, unpublished: bool = False, split: str = MAIN_SPLIT
) -> tuple[DecisionView, ...]:
    """The decisions in force, oldest first.

    Args:
        ws: The workspace.
        pass_: Only of this pass.
        unpublished: Only those that no version carries yet.
        split: The split.

    Raises:
        NotFoundError: There is no such split.
    """
    ids, titles = ws.split(split).ids, ws.classes.titles
    with ws.store.read() as tx:
        rows = decisions.list_current_decisions(tx, split, pass_=pass_, unpublished=unpublished)
    return tuple(
        DecisionView(
            decision=row,
            token=item_token(ws, split, row.item),
            item_id=ids[row.item],
            class_name="" if row.class_id is None else titles[row.class_id],
        )
        for row in rows
    )


def say_decision(decision: Decision) -> str:
    """What a decision says, in one or two words."""
    if decision.verdict is not None:
        return str(decision.verdict)
    if decision.category is not None:
        return f"{decision.category}, {decision.severity}"
    return "usable" if decision.usable else "problematic"
