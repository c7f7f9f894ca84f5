"""What publishing a label set does, before and after."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.labels import LabelSet, Verdict
from regrade.records.panel import Decision


@dataclass(frozen=True, slots=True)
class LabelChange:
    """One (item, class) whose verdict differs between two versions, or one item whose `problematic` differs."""

    item: int
    class_id: int | None
    """None: the change is of `problematic`."""
    before: Verdict | None
    """None: never judged (or, for `problematic`, see `problematic_after`)."""
    after: Verdict | None
    problematic_after: bool | None = None
    """Set only where `class_id` is None."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A decision whose (item, class) was changed by another version since the decision's base."""

    decision: Decision
    at_base: Verdict | None
    at_head: Verdict | None


@dataclass(frozen=True, slots=True, eq=False)
class Publication:
    """What publishing gives: the new content, and which decisions are in it and which are not."""

    labels: LabelSet
    changes: tuple[LabelChange, ...]
    """What differs from the head."""
    applied: tuple[Decision, ...]
    """Decisions that the new version carries, those that only confirm the head included."""
    conflicts: tuple[Conflict, ...]
    held_back: tuple[Decision, ...]
    """Decisions on items that would keep no accepted class."""
    held_back_items: tuple[int, ...]
