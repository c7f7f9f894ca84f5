"""What a label set says of many items and pairs at once."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.records.labels import LabelSet, Verdict

NEVER_JUDGED: Final = -1
"""Stands among verdict codes for a pair that nobody ever judged."""
WHOLE_ITEM: Final = -1
"""Stands among class ids for the item itself: whether it is problematic."""


def check_alike(one: LabelSet, other: LabelSet) -> None:
    """Raise unless two label sets are of the same split and classes.

    Raises:
        InputError: They are not.
    """
    if (one.split, one.n_classes) != (other.split, other.n_classes):
        raise InputError(
            f"two label sets of split {one.split} with {one.n_classes} classes",
            got=f"one of split {other.split} with {other.n_classes}",
        )


def pair_keys(
    items: npt.NDArray[np.integer], classes: npt.NDArray[np.integer], n_classes: int
) -> npt.NDArray[np.int64]:
    """One number per (item, class), in the order of (item, class)."""
    return items.astype(np.int64) * n_classes + classes


def codes_at(
    labels: LabelSet, items: npt.NDArray[np.integer], classes: npt.NDArray[np.integer]
) -> npt.NDArray[np.int8]:
    """The verdict code of each (item, class), or NEVER_JUDGED; aligned with the input, in any order."""
    keys = pair_keys(labels.pair_items, labels.pair_classes, labels.n_classes)
    at, found = find(keys, pair_keys(items, classes, labels.n_classes))
    codes = np.full(len(items), NEVER_JUDGED, np.int8)
    codes[found] = labels.pair_codes[at[found]]
    return codes


def flags_at(labels: LabelSet, items: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Whether each item is problematic; False for one that is not covered."""
    at, found = find(labels.items, items)
    flags = np.zeros(len(items), np.bool_)
    flags[found] = labels.problematic[at[found]]
    return flags


def values_at(
    labels: LabelSet, items: npt.NDArray[np.integer], classes: npt.NDArray[np.integer]
) -> npt.NDArray[np.int8]:
    """What a label set says of each (item, class): verdict code or NEVER_JUDGED; of a WHOLE_ITEM the flag, 0 or 1."""
    whole = classes == WHOLE_ITEM
    values = np.empty(len(items), np.int8)
    values[whole] = flags_at(labels, items[whole])
    values[~whole] = codes_at(labels, items[~whole], classes[~whole])
    return values


def count_accepted(labels: LabelSet) -> npt.NDArray[np.intp]:
    """Number of accepted (correct or unclear) classes of each covered item, aligned with `labels.items`."""
    accepted = labels.pair_items[labels.pair_codes != Verdict.WRONG.code]
    return np.bincount(np.searchsorted(labels.items, accepted), minlength=len(labels.items))


def find(
    ascending: npt.NDArray[np.integer], wanted: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each wanted number stands in an ascending array, and whether it is there at all."""
    at = np.searchsorted(ascending, wanted)
    found = at < len(ascending)
    found[found] = ascending[at[found]] == wanted[found]
    return at, found
