"""One label an item: a table that a training script can read, of the items for which the label set names one class."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.errors import InputError
from regrade.formats.exports.registry import Document, register_export
from regrade.formats.spreadsheets import encode_csv
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet, Verdict
from regrade.records.provenance import LabelSheet


@register_export("single-label", "CSV: id, label (the key), class_id, name of every item that has one label left")
def write_single_label(sheet: LabelSheet) -> Document:
    """The items that are not problematic, each with its original label if accepted, else its only accepted class.

    Accepted is what is correct or unclear. Items for which this names no class, or several, are left out and counted.

    Raises:
        InputError: No item is left.
    """
    labels = sheet.labels
    chosen, n_accepted = _choose_classes(labels), _count_accepted(labels)
    usable = ~labels.problematic
    kept = usable & (chosen != NO_LABEL)
    if not kept.any():
        raise InputError("a label set with an item of one label", got=f"{sheet.version.ref}, which has none")
    class_ids = chosen[kept].tolist()
    frame = pl.DataFrame(
        {
            "id": [sheet.split.ids[item] for item in labels.items[kept].tolist()],
            "label": [sheet.classes.keys[class_id] for class_id in class_ids],
            "class_id": class_ids,
            "name": [sheet.classes.names[class_id] for class_id in class_ids],
        }
    )
    left = usable & ~kept
    several = "with several accepted classes and not the original"
    warnings = (
        *_left_out(int(np.count_nonzero(~usable)), "problematic"),
        *_left_out(int(np.count_nonzero(left & (n_accepted == 0))), "without an accepted class"),
        *_left_out(int(np.count_nonzero(left & (n_accepted > 1))), several),
        *_left_out(len(sheet.split) - len(labels.items), "not covered"),
    )
    return Document(encode_csv(frame), warnings)


def _choose_classes(labels: LabelSet) -> npt.NDArray[np.int32]:
    """(n,) of each covered item the original label if it is accepted, else the only accepted class, else NO_LABEL."""
    accepted = labels.pair_codes != Verdict.WRONG.code
    rows, classes = np.searchsorted(labels.items, labels.pair_items[accepted]), labels.pair_classes[accepted]
    only = np.full(len(labels.items), NO_LABEL, np.int32)
    only[rows] = classes
    only[_count_accepted(labels) != 1] = NO_LABEL
    keeps_original = np.zeros(len(labels.items), np.bool_)
    keeps_original[rows[classes == labels.original[rows]]] = True
    return np.where(keeps_original, labels.original, only)


def _count_accepted(labels: LabelSet) -> npt.NDArray[np.intp]:
    accepted = labels.pair_items[labels.pair_codes != Verdict.WRONG.code]
    return np.bincount(np.searchsorted(labels.items, accepted), minlength=len(labels.items))


def _left_out(count: int, what: str) -> tuple[str, ...]:
    return (f"left out: {count:,} {'item' if count == 1 else 'items'}, {what}.",) if count else ()
