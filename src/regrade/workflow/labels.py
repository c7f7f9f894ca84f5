"""Label sets: import, list, choose, show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regrade import formats
from regrade.errors import InputError, NotFoundError
from regrade.labelsets import check_label_set
from regrade.records.labels import LabelSet, LabelSetVersion, Verdict
from regrade.records.provenance import ReopenedDecision
from regrade.store import Transaction, journal, labelsets
from regrade.workflow.clock import now
from regrade.workflow.default_labels import default_name, takes_over
from regrade.workflow.lineage import load_making
from regrade.workflow.reopened import list_reopened
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
    default_before: str
    """Name of the default label set before the import."""
    default: str
    """Its name now."""


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
    reopened: tuple[ReopenedDecision, ...]
    """Decisions that it rests on and that were reopened since."""
    protocols: tuple[int, ...]
    """Numbers of the versions of the protocol under which its own decisions were answered."""


def import_labels(
    ws: Workspace,
    name: str,
    file: formats.FilePath | formats.ArrowTable | formats.DatasetSource,
    *,
    split: str = MAIN_SPLIT,
    format: str | None = None,
    by: str = "local",
) -> LabelsReport:
    """Read a label file, a dataframe with its columns, or a Hugging Face dataset, and store it as `NAME@1`.

    The first name imported becomes the default, unless there are reviews or a published version of `original` by then.

    Raises:
        ConflictError: The name holds other content.
        InputError: The file is not what it must be.
    """
    if isinstance(file, formats.DatasetSource):
        read = formats.read_dataset_labels(file, split=ws.split(split), classes=ws.classes)
        source = Path(file.where).name
    else:
        content = formats.as_path(file)
        read = formats.read_labels(content, split=ws.split(split), classes=ws.classes, format=format)
        source = content.name if isinstance(content, Path) else "dataframe"
    return save_import(ws, name, read, reason=f"imported from {source}", facts={"file": source}, by=by)


def save_import(
    ws: Workspace, name: str, read: formats.ReadLabels, *, reason: str, facts: Mapping[str, object], by: str
) -> LabelsReport:
    """Store what was read from a file as `NAME@1`. It becomes the default as `import_labels` says.

    Args:
        ws: The workspace.
        name: Name of the label set.
        read: What the file holds.
        reason: Where it comes from, kept with the version.
        facts: The same for the journal.
        by: Who does it.

    Raises:
        ConflictError: The name holds other content.
        InputError: The content is not what it must be.
    """
    labels = read.labels
    check_label_set(labels, len(ws.split(labels.split)))
    with ws.store.write() as tx:
        at, before = now(), default_name(tx)
        saved = labelsets.save_label_set(
            tx,
            ws.store.arrays,
            labels,
            name=name,
            parent=None,
            author=by,
            reason=reason,
            warnings=read.warnings,
            at=at,
        )
        if saved.created:
            if labels.split == MAIN_SPLIT and takes_over(tx):
                labelsets.save_default_name(tx, name)
            line = {"labels": saved.version.ref, "digest": saved.version.digest, "default": default_name(tx), **facts}
            journal.save_line(tx, actor=by, action="labels.import", facts=line, at=at)
        default = default_name(tx)
    return LabelsReport(
        version=saved.version,
        created=saved.created,
        n_items=len(labels.items),
        n_verdicts=len(labels.pair_items),
        n_problematic=int(labels.problematic.sum()),
        warnings=read.warnings,
        default_before=before,
        default=default,
    )


def resolve_labels(ws: Workspace, ref: str | None = None) -> LabelSetVersion:
    """The version that `NAME@N` or `NAME` (newest) names; None: the newest of the default name.

    Raises:
        NotFoundError: There is none; the message lists what there is.
    """
    with ws.store.read() as tx:
        return _resolve(tx, ref)


def _resolve(tx: Transaction, ref: str | None = None) -> LabelSetVersion:
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
        making = load_making(tx)
    newest = {version.name: version.version for version in versions}
    return tuple(
        _as_row(
            ws,
            version,
            is_default=version.name == default and version.version == newest[version.name],
            protocols=tuple(making.get(version.ref, {}).get("protocols", ())),
        )
        for version in versions
    )


def show_labels(ws: Workspace, ref: str | None = None) -> LabelSetRow:
    """One version with its counts."""
    version = resolve_labels(ws, ref)
    with ws.store.read() as tx:
        numbers = tuple(load_making(tx).get(version.ref, {}).get("protocols", ()))
    return _as_row(ws, version, is_default=version == resolve_labels(ws), protocols=numbers)


def _as_row(ws: Workspace, version: LabelSetVersion, *, is_default: bool, protocols: tuple[int, ...]) -> LabelSetRow:
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
        reopened=list_reopened(ws, version),
        protocols=protocols,
    )


def labels_of_split(ws: Workspace, split: str) -> LabelSetVersion:
    """The version that a split's panel works on: the newest of the default name.

    For another split that is the first name imported for it, else its original labels.

    Raises:
        NotFoundError: There is no such split, or it has no label set.
    """
    ws.split(split)
    with ws.store.read() as tx:
        return labels_in(tx, split)


def labels_in(tx: Transaction, split: str) -> LabelSetVersion:
    """The same, as a transaction sees it.

    Raises:
        NotFoundError: The split has no label set.
    """
    if split == MAIN_SPLIT:
        return _resolve(tx)
    rows = [version for version in labelsets.list_label_sets(tx) if version.split == split]
    if not rows:
        raise NotFoundError(f"The split {split} has no label set.", remedy="Import one with `regrade labels import`.")
    name = min(rows, key=lambda row: (row.name == f"{ORIGINAL}-{split}", row.created_at)).name
    return max((row for row in rows if row.name == name), key=lambda row: row.version)
