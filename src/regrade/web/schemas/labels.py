"""Versions of the answer key, what differs between them, and publishing the next one."""

from __future__ import annotations

from datetime import datetime

from regrade.web.schemas.base import In, Out
from regrade.web.schemas.grades import GradeOut


class LabelSetVersionOut(Out):
    """Where a version of a label set comes from."""

    ref: str
    """`NAME@N`."""
    name: str
    version: int
    split: str
    digest: str
    """SHA-256 of the content, hex."""
    parent: str | None
    """`NAME@N` of the version that it was made from; null for an imported one."""
    author: str
    created_at: datetime
    reason: str
    """Why it was made, or which file it came from."""
    warnings: list[str]
    """What the import had to settle, in words."""


class ReopenedOut(Out):
    """A decision that a version rests on, and that was taken back since it was published."""

    token: str
    """Of the item."""
    item_id: str
    class_name: str
    """Empty where it was on the item being problematic."""
    said: str
    """What had been decided: a verdict, `problematic`, or `usable`."""
    published_in: str
    """`NAME@N` of the first version that carries it."""
    author: str
    """Who took it back."""
    reason: str
    at: datetime
    now: str
    """What is decided since; empty while it waits."""
    now_in: str | None
    """`NAME@N` of the version that carries that; null while none does."""


class LabelSetOut(Out):
    """A version with its counts."""

    version: LabelSetVersionOut
    n_items: int
    n_problematic: int
    n_correct: int
    n_unclear: int
    n_wrong: int
    is_default: bool
    """It is used wherever none is named."""
    reopened: list[ReopenedOut]
    """Decisions that it rests on and that were reopened since, oldest first."""
    protocols: list[int]
    """Numbers of the versions of the protocol under which its own decisions were answered."""


class ChangeOut(Out):
    """One change of the answer key."""

    token: str
    """Of the item."""
    item_id: str
    media: str | None
    """Token of the item's image; null where it has none."""
    class_id: int | None
    """null: the change is whether the item is problematic."""
    class_name: str
    before: str
    """`correct`, `unclear`, `wrong`, `never judged`; for the item itself `problematic` or `usable`."""
    after: str
    by: str
    """Who decided, or made the version that says so; may be empty."""
    reason: str
    method: str
    """How it was decided (`consensus`, ...); `imported` with a file, `derived` from other versions; may be empty."""
    made_in: str | None
    """`NAME@N` of the version that made the change; null where none did, or where it is not published yet."""
    moves_grades: bool
    """It can turn a right answer into a mistake or back, or takes an item out of the grading."""


class ChangeCountsOut(Out):
    """How many changes of each kind."""

    n_added: int
    """Verdicts where there was none."""
    n_removed: int
    n_changed: int
    """Verdicts that became others."""
    n_made_problematic: int
    n_made_usable: int
    """Items that are problematic no more."""
    n_items: int
    """Items with at least one of these changes."""


class ClassChangesOut(Out):
    """The changes that are about one class."""

    class_id: int
    class_key: str
    class_name: str
    n_added: int
    n_removed: int
    n_changed: int
    n_made_problematic: int
    """Items of this original class that have become problematic."""
    n_made_usable: int


class LabelsDiffOut(Out):
    """What differs between two versions, one page of it."""

    before: LabelSetVersionOut
    after: LabelSetVersionOut
    counts: ChangeCountsOut
    classes: list[ClassChangesOut]
    """The classes that have a change, by id."""
    n_total: int
    """Changes in all."""
    changes: list[ChangeOut]
    """From `offset`, `limit` of them."""


class HeldBackOut(Out):
    """An item whose decisions wait, since they would leave it without an accepted class."""

    token: str
    """Of the item."""
    item_id: str
    media: str | None
    class_names: list[str]


class PublicationPlanOut(Out):
    """What publishing would do now."""

    head: LabelSetVersionOut
    next_ref: str
    """`NAME@N` that it would make: name it to publish."""
    can_publish: bool
    why_not: str
    """Empty where it can."""
    n_decisions: int
    """Decisions that the new version would carry."""
    n_confirmed: int
    """Of these, decisions that agree with the labels as they are."""
    n_open_cases: int
    n_disputed_cases: int
    conflicts: list[ChangeOut]
    """Decisions on what another version has changed since; `before` is what the labels say now."""
    held_back: list[HeldBackOut]
    n_changes: int
    """Changes in all."""
    changes: list[ChangeOut]
    """From `offset`, `limit` of them."""


class PublishIn(In):
    """Publish what the plan said."""

    next_ref: str
    """`NAME@N` that the plan named: if somebody has published since, nothing is done."""
    reason: str
    """What changed and why, in a few words."""


class PublishedOut(Out):
    """What publishing did."""

    version: LabelSetVersionOut
    n_changes: int
    n_decisions: int
    n_conflicts: int
    n_held_back: int
    """Items held back."""
    n_open_cases: int
    """Undecided cases, which move on to the new version."""
    before: list[GradeOut]
    after: list[GradeOut]
