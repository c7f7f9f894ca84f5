"""What holds for every label set, wherever it comes from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.labelsets.lookup import pair_keys
from regrade.records.items import NO_LABEL
from regrade.records.labels import VERDICTS, LabelSet

_REMEDY = "Make the label set again from its source."


def check_label_set(labels: LabelSet, n_items: int) -> None:
    """Raise unless the arrays of a label set are what the record promises.

    Args:
        labels: Content from outside (an import, a restored file).
        n_items: Number of items of its split.

    Raises:
        InputError: Arrays that belong together differ in length; items are not ascending positions in
            0..n_items-1; a class or verdict code is out of range; the verdicts are not sorted by (item, class), each
            pair once; or a verdict is on an item that the label set does not cover.
    """
    if not len(labels.items) == len(labels.original) == len(labels.problematic):
        raise InputError("an original label and a flag for each item", got=_lengths(labels), remedy=_REMEDY)
    if not len(labels.pair_items) == len(labels.pair_classes) == len(labels.pair_codes):
        raise InputError("an item, a class and a code for each verdict", got=_lengths(labels), remedy=_REMEDY)
    _check_range("an item's position", labels.items, 0, n_items)
    _check_ascending("items in ascending order, each once", labels.items.astype(np.int64))
    _check_range(f"an original label (or {NO_LABEL})", labels.original, NO_LABEL, labels.n_classes)
    _check_range("a class", labels.pair_classes, 0, labels.n_classes)
    _check_range("a verdict code", labels.pair_codes, 0, len(VERDICTS))
    keys = pair_keys(labels.pair_items, labels.pair_classes, labels.n_classes)
    _check_ascending("verdicts sorted by (item, class), each pair once", keys)
    outside = labels.pair_items[~np.isin(labels.pair_items, labels.items)]
    if len(outside):
        raise InputError(
            "verdicts on covered items only",
            got=f"one on the item at position {outside[0]}",
            remedy=_REMEDY,
            n_more=len(outside) - 1,
        )


def _lengths(labels: LabelSet) -> str:
    names = ("items", "original", "problematic", "pair_items", "pair_classes", "pair_codes")
    return ", ".join(f"{len(getattr(labels, name))} {name}" for name in names)


def _check_range(what: str, values: npt.NDArray[np.integer], low: int, stop: int) -> None:
    wrong = values[(values < low) | (values >= stop)]
    if len(wrong):
        raise InputError(f"{what} in {low}..{stop - 1}", got=str(wrong[0]), remedy=_REMEDY, n_more=len(wrong) - 1)


def _check_ascending(what: str, values: npt.NDArray[np.int64]) -> None:
    falls = np.flatnonzero(np.diff(values) <= 0)
    if len(falls):
        raise InputError(what, got=f"entry {falls[0] + 1} out of order", remedy=_REMEDY, n_more=len(falls) - 1)
