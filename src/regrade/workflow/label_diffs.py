"""What differs between two versions of the labels, and who or what made each change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from regrade.errors import InputError
from regrade.labelsets import (
    ChangeCounts,
    ClassChanges,
    count_changes,
    count_class_changes,
    diff_labels,
    trace_changes,
)
from regrade.records.labels import LabelSetVersion, Verdict
from regrade.records.panel import Decision
from regrade.records.publication import LabelChange
from regrade.store import decisions
from regrade.workflow.labels import load_labels, resolve_labels
from regrade.workflow.lineage import list_versions_between
from regrade.workflow.media import item_token, media_token
from regrade.workflow.workspace import Workspace

_ACCEPTED = frozenset({str(Verdict.CORRECT), str(Verdict.UNCLEAR)})


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of the answer key, ready to be shown."""

    item: int
    token: str
    """Of the item."""
    item_id: str
    media: str | None
    """Token of the item's media; None where it has none."""
    class_id: int | None
    """None: the change is whether the item is problematic."""
    class_name: str
    before: str
    """`correct`, `unclear`, `wrong`, `never judged`; for the item itself `problematic` or `usable`."""
    after: str
    by: str
    """Who decided, or made the version that says so; empty where no version on the way to `after` made the change."""
    reason: str
    method: str
    """How it was decided (`consensus`, ...); `imported` with a file, `derived` from other versions; may be empty."""
    made_in: str | None = None
    """`NAME@N` of the version that made the change; None where none did, or where it is not published yet."""

    @property
    def moves_grades(self) -> bool:
        """Whether it can turn a right answer into a mistake or back, or takes an item out of the grading."""
        return self.class_id is None or (self.before in _ACCEPTED) != (self.after in _ACCEPTED)


@dataclass(frozen=True, slots=True)
class ClassChangesView:
    """The part of a diff that is about one class, with the class's names."""

    class_id: int
    class_key: str
    class_name: str
    n_added: int
    n_removed: int
    n_changed: int
    n_made_problematic: int
    """Items of this original class that have become problematic."""
    n_made_usable: int


@dataclass(frozen=True, slots=True)
class LabelsDiff:
    """What differs between two versions."""

    before: LabelSetVersion
    after: LabelSetVersion
    counts: ChangeCounts
    classes: tuple[ClassChangesView, ...]
    """The classes that have a change, by id."""
    changes: tuple[ChangeView, ...]


def diff_versions(ws: Workspace, before: str, after: str) -> LabelsDiff:
    """What differs between two versions of one split's labels, and who or what made each change.

    Raises:
        InputError: The two are of different splits.
    """
    first, second = resolve_labels(ws, before), resolve_labels(ws, after)
    if first.split != second.split:
        raise InputError(
            "two label sets of one split", got=f"{first.ref} of {first.split}, {second.ref} of {second.split}"
        )
    # Neither version ever changes, nor how they were made: what differs between the two is worked out once.
    return ws.kept(("diff",), lambda: _diff(ws, first, second), version=(first.ref, second.ref))


def _diff(ws: Workspace, first: LabelSetVersion, second: LabelSetVersion) -> LabelsDiff:
    old, new = load_labels(ws, first), load_labels(ws, second)
    changes = diff_labels(old, new)
    return LabelsDiff(
        before=first,
        after=second,
        counts=count_changes(changes),
        classes=tuple(_view_class(ws, row) for row in count_class_changes(changes, old, new)),
        changes=explain_changes(ws, first, second, changes),
    )


def explain_changes(
    ws: Workspace, before: LabelSetVersion, after: LabelSetVersion, changes: Sequence[LabelChange]
) -> tuple[ChangeView, ...]:
    """Changes from one version to another, each with the version that made it and the decision, if there is one."""
    with ws.store.read() as tx:
        versions = list_versions_between(tx, before, after)
        made = [
            {(row.item, row.class_id): row for row in decisions.list_published_decisions(tx, after.split, ref=step.ref)}
            for step in versions
        ]
    start = (versions[0].parent if versions else None) or before.ref
    makers = trace_changes(changes, load_labels(ws, start), [load_labels(ws, version) for version in versions])
    return tuple(
        _view_change(ws, after.split, change, None, None)
        if at is None
        else _view_change(ws, after.split, change, made[at].get((change.item, change.class_id)), versions[at])
        for change, at in zip(changes, makers, strict=True)
    )


def view_changes(
    ws: Workspace,
    split: str,
    changes: tuple[LabelChange, ...],
    made: dict[tuple[int, int | None], Decision],
) -> tuple[ChangeView, ...]:
    """Changes that no version has made yet, with names, media and the decision behind each."""
    return tuple(_view_change(ws, split, change, made.get((change.item, change.class_id)), None) for change in changes)


def _view_change(
    ws: Workspace, split: str, change: LabelChange, decision: Decision | None, version: LabelSetVersion | None
) -> ChangeView:
    if change.class_id is None:
        flags = ("usable", "problematic")
        before, after = flags[not change.problematic_after], flags[bool(change.problematic_after)]
        class_name = ""
    else:
        before, after = describe_verdict(change.before), describe_verdict(change.after)
        class_name = ws.classes.titles[change.class_id]
    by, reason, method = _maker(decision, version)
    return ChangeView(
        item=change.item,
        token=item_token(ws, split, change.item),
        item_id=ws.split(split).ids[change.item],
        media=media_token(ws, split, change.item),
        class_id=change.class_id,
        class_name=class_name,
        before=before,
        after=after,
        by=by,
        reason=reason,
        method=method,
        made_in=version.ref if version else None,
    )


def _maker(decision: Decision | None, version: LabelSetVersion | None) -> tuple[str, str, str]:
    """Who made a change, why and how."""
    if decision is not None:
        return decision.author, decision.reason, str(decision.method)
    if version is not None:
        return version.author, version.reason, "derived" if version.parent else "imported"
    return "", "", ""


def _view_class(ws: Workspace, row: ClassChanges) -> ClassChangesView:
    names = ws.classes.keys[row.class_id], ws.classes.names[row.class_id]
    return ClassChangesView(class_key=names[0], class_name=names[1], **asdict(row))


def describe_verdict(verdict: Verdict | None) -> str:
    """The verdict as a word; `never judged` where there is none."""
    return "never judged" if verdict is None else str(verdict)
