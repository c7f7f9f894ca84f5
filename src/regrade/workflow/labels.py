"""Label sets: import, list, choose, show, compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regrade import formats
from regrade.errors import InputError, NotFoundError
from regrade.labelsets import check_label_set, diff_labels
from regrade.records.labels import LabelSet, LabelSetVersion, Verdict
from regrade.records.panel import Decision, DecisionMethod
from regrade.records.publication import LabelChange
from regrade.store import Transaction, decisions, journal, labelsets
from regrade.workflow.clock import now
from regrade.workflow.media import media_token
from regrade.workflow.workspace import MAIN_SPLIT, ORIGINAL, Workspace


@dataclass(frozen=True, slots=True)
class LabelsReport:
    """What an import of labels stored."""

    version: LabelSetVersion
    created: bool
    """False: the same content was there already."""
    n_items: int
    n_verdicts: int
    n_problematic: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelSetRow:
    """One label set version with its counts."""

    version: LabelSetVersion
    n_items: int
    n_problematic: int
    n_correct: int
    n_unclear: int
    n_wrong: int
    is_default: bool


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of the answer key, ready to be shown."""

    item: int
    item_id: str
    media: str | None
    """Token of the item's media; None where it has none."""
    class_id: int | None
    """None: the change is whether the item is problematic."""
    class_name: str
    before: str
    """`correct`, `unclear`, `wrong`, `never judged`; for the item itself `problematic` or `fine`."""
    after: str
    by: str
    """Who decided; empty where the change came from a file."""
    reason: str
    method: str


@dataclass(frozen=True, slots=True)
class LabelsDiff:
    """What differs between two versions."""

    before: LabelSetVersion
    after: LabelSetVersion
    changes: tuple[ChangeView, ...]


def import_labels(
    ws: Workspace,
    name: str,
    file: Path,
    *,
    split: str = MAIN_SPLIT,
    format: str | None = None,  # noqa: A002
    by: str = "local",
) -> LabelsReport:
    """Read a label file and store it as `NAME@1`. The first name imported becomes the default.

    Raises:
        ConflictError: The name holds other content.
        InputError: The file is not what it must be.
    """
    read = formats.read_labels(file, split=ws.split(split), classes=ws.classes, format=format)
    labels = read.labels
    check_label_set(labels, len(ws.split(split)))
    with ws.store.write() as tx:
        at = now()
        saved = labelsets.save_label_set(
            tx,
            ws.store.arrays,
            labels,
            name=name,
            parent=None,
            author=by,
            reason=f"imported from {file.name}",
            warnings=read.warnings,
            at=at,
        )
        if saved.created:
            if labelsets.load_default_name(tx) is None and split == MAIN_SPLIT and name != ORIGINAL:
                labelsets.save_default_name(tx, name)
            facts = {"labels": saved.version.ref, "digest": saved.version.digest, "file": file.name}
            journal.save_line(tx, actor=by, action="labels.import", facts=facts, at=at)
    return LabelsReport(
        version=saved.version,
        created=saved.created,
        n_items=len(labels.items),
        n_verdicts=len(labels.pair_items),
        n_problematic=int(labels.problematic.sum()),
        warnings=read.warnings,
    )


def default_name(tx: Transaction) -> str:
    """Name of the default label set: the chosen one, else the first imported, else `original`."""
    return labelsets.load_default_name(tx) or ORIGINAL


def resolve_labels(ws: Workspace, ref: str | None = None) -> LabelSetVersion:
    """The version that `NAME@N` or `NAME` (newest) names; None: the newest of the default name.

    Raises:
        NotFoundError: There is none; the message lists what there is.
    """
    with ws.store.read() as tx:
        return labelsets.load_version(tx, ref or default_name(tx))


def load_labels(ws: Workspace, version: LabelSetVersion | str) -> LabelSet:
    """The content of a version. It never changes, so it is read once."""
    ref = version if isinstance(version, str) else version.ref
    return ws.kept(("labels", ref), lambda: _load(ws, ref))


def _load(ws: Workspace, ref: str) -> LabelSet:
    with ws.store.read() as tx:
        return labelsets.load_label_set(tx, ws.store.arrays, ref)


def use_labels(ws: Workspace, name: str, *, by: str = "local") -> LabelSetVersion:
    """Make `name` the default label set; its newest version is used wherever none is named.

    Raises:
        InputError: `name` carries a version.
        NotFoundError: There is no such label set.
    """
    if "@" in name:
        raise InputError("the name of a label set", got=name, remedy="Leave the version out: the newest is used.")
    with ws.store.write() as tx:
        version = labelsets.load_version(tx, name)
        if version.split != MAIN_SPLIT:
            raise InputError(f"a label set of the split {MAIN_SPLIT}", got=f"{name}, of the split {version.split}")
        labelsets.save_default_name(tx, name)
        journal.save_line(tx, actor=by, action="labels.use", facts={"name": name}, at=now())
    return version


def list_labels(ws: Workspace) -> tuple[LabelSetRow, ...]:
    """All versions with their counts, by name and version."""
    with ws.store.read() as tx:
        versions, default = labelsets.list_label_sets(tx), default_name(tx)
    newest = {version.name: version.version for version in versions}
    return tuple(
        _as_row(ws, version, version.name == default and version.version == newest[version.name])
        for version in versions
    )


def show_labels(ws: Workspace, ref: str | None = None) -> LabelSetRow:
    """One version with its counts."""
    version = resolve_labels(ws, ref)
    return _as_row(ws, version, version == resolve_labels(ws))


def diff_versions(ws: Workspace, before: str, after: str) -> LabelsDiff:
    """What differs between two versions of one split's labels, with who decided it where the panel did.

    Raises:
        InputError: The two are of different splits.
    """
    first, second = resolve_labels(ws, before), resolve_labels(ws, after)
    if first.split != second.split:
        raise InputError(
            "two label sets of one split", got=f"{first.ref} of {first.split}, {second.ref} of {second.split}"
        )
    changes = diff_labels(load_labels(ws, first), load_labels(ws, second))
    with ws.store.read() as tx:
        made = {
            (row.item, row.class_id): row
            for row in decisions.list_published_decisions(tx, second.split, ref=second.ref)
        }
    return LabelsDiff(first, second, view_changes(ws, second.split, changes, made))


def view_changes(
    ws: Workspace,
    split: str,
    changes: tuple[LabelChange, ...],
    made: dict[tuple[int, int | None], Decision],
) -> tuple[ChangeView, ...]:
    """Changes with names, media and the decision behind each, if there is one."""
    return tuple(_view_change(ws, split, change, made.get((change.item, change.class_id))) for change in changes)


def _view_change(ws: Workspace, split: str, change: LabelChange, decision: Decision | None) -> ChangeView:
    if change.class_id is None:
        flags = ("fine", "problematic")
        before, after = flags[not change.problematic_after], flags[bool(change.problematic_after)]
        class_name = ""
    else:
        before, after = describe_verdict(change.before), describe_verdict(change.after)
        class_name = ws.classes.names[change.class_id]
    return ChangeView(
        item=change.item,
        item_id=ws.split(split).ids[change.item],
        media=media_token(ws, split, change.item),
        class_id=change.class_id,
        class_name=class_name,
        before=before,
        after=after,
        by=decision.author if decision else "",
        reason=decision.reason if decision else "",
        method=str(decision.method) if decision else str(DecisionMethod.IMPORTED),
    )


def describe_verdict(verdict: Verdict | None) -> str:
    """The verdict as a word; `never judged` where there is none."""
    return "never judged" if verdict is None else str(verdict)


def _as_row(ws: Workspace, version: LabelSetVersion, is_default: bool) -> LabelSetRow:
    labels = load_labels(ws, version)
    counts = np.bincount(labels.pair_codes, minlength=3)
    return LabelSetRow(
        version=version,
        n_items=len(labels.items),
        n_problematic=int(labels.problematic.sum()),
        n_correct=int(counts[Verdict.CORRECT.code]),
        n_unclear=int(counts[Verdict.UNCLEAR.code]),
        n_wrong=int(counts[Verdict.WRONG.code]),
        is_default=is_default,
    )


def labels_of_split(ws: Workspace, split: str) -> LabelSetVersion:
    """The version that a split's panel works on: the default's newest, or for another split its original labels.

    Raises:
        NotFoundError: There is no such split, or it has no label set.
    """
    ws.split(split)
    if split == MAIN_SPLIT:
        return resolve_labels(ws)
    with ws.store.read() as tx:
        rows = [version for version in labelsets.list_label_sets(tx) if version.split == split]
    if not rows:
        raise NotFoundError(f"The split {split} has no label set.", remedy="Import one with `regrade labels import`.")
    return rows[-1]
