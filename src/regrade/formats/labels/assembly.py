"""From the rows of a label file to a label set: sorted, settled, and what had to be settled said in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.formats.places import Place
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps


@dataclass(frozen=True, slots=True, eq=False)
class ReadLabels:
    """The label set that a file holds."""

    labels: LabelSet
    warnings: tuple[str, ...]
    """What the import had to settle, and what a person should know of it, in words."""


@dataclass(frozen=True, slots=True, eq=False)
class FileVerdicts:
    """What a label file says, row by row."""

    items: npt.NDArray[np.int32]
    """(m,) position of the item of each row; each once."""
    original: npt.NDArray[np.int32]
    """(m,) original class id, or NO_LABEL where the file says none."""
    problematic: npt.NDArray[np.bool_]
    """(m,) whether the item is problematic."""
    pair_rows: npt.NDArray[np.integer]
    """(p,) row of each verdict."""
    pair_classes: npt.NDArray[np.int32]
    """(p,) class id of each verdict."""
    pair_codes: npt.NDArray[np.int8]
    """(p,) code of each verdict."""
    place: Place
    notes: tuple[str, ...] = ()
    """Warnings that the format itself has."""


def assemble_labels(verdicts: FileVerdicts, split: Split, classes: ClassList) -> ReadLabels:
    """The label set of a file's rows.

    A class in several lists of an item is correct before unclear before wrong; a class twice in one list counts once;
    both are counted in the warnings.

    Raises:
        InputError: File and split name different original labels.
    """
    original = _merge_original(verdicts, split, classes)
    order = np.argsort(verdicts.items)
    pair_items = verdicts.items[verdicts.pair_rows]
    triples = (pair_items.astype(np.int64) * len(classes) + verdicts.pair_classes) * 3 + verdicts.pair_codes
    n_repeated = len(triples) - len(np.unique(triples))
    items, class_ids, codes, n_overlaps = settle_overlaps(pair_items, verdicts.pair_classes, verdicts.pair_codes)
    labels = LabelSet(
        split=split.name,
        n_classes=len(classes),
        items=verdicts.items[order],
        original=original[order],
        problematic=verdicts.problematic[order],
        pair_items=items,
        pair_classes=class_ids,
        pair_codes=codes,
    )
    return ReadLabels(labels, (*verdicts.notes, *_warn(labels, n_overlaps, n_repeated)))


def _merge_original(verdicts: FileVerdicts, split: Split, classes: ClassList) -> npt.NDArray[np.int32]:
    known = split.labels[verdicts.items]
    bad = np.flatnonzero((known != verdicts.original) & (known != NO_LABEL) & (verdicts.original != NO_LABEL))
    if len(bad):
        theirs, ours = int(verdicts.original[bad[0]]), int(known[bad[0]])
        raise verdicts.place.error(
            f"the original label that the items file gives, {ours} ({classes.keys[ours]})",
            got=f"{theirs} ({classes.keys[theirs]})",
            rows=bad,
            remedy="Check that both files count classes alike and join items by the same ids.",
        )
    return np.where(verdicts.original == NO_LABEL, known, verdicts.original).astype(np.int32)


def _warn(labels: LabelSet, n_overlaps: int, n_repeated: int) -> list[str]:
    warnings = []
    if n_overlaps:
        warnings.append(
            f"{n_overlaps:,} (item, class) pairs stand in several lists: correct counts before unclear before wrong."
        )
    if n_repeated:
        warnings.append(f"Classes repeated within one list: {n_repeated:,}; each counts once.")
    accepted = labels.pair_items[labels.pair_codes != Verdict.WRONG.code]
    n_empty = int(np.count_nonzero(~np.isin(labels.items, accepted) & ~labels.problematic))
    if n_empty:
        warnings.append(f"{n_empty:,} of {len(labels.items):,} items are not problematic and have no accepted class.")
    return warnings
