"""Combine label sets of one split into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeVar, get_args

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.labelsets.lookup import check_alike, pair_keys
from regrade.records.choices import check_choice
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet

Combination = Literal["union", "prefer"]

Value = TypeVar("Value", np.int8, np.int32)


@dataclass(frozen=True, slots=True, eq=False)
class CombinedLabels:
    """Label sets made into one, and how often they had to be settled."""

    labels: LabelSet
    n_verdicts_differing: int
    """(item, class) pairs that several of them judged, and not alike."""
    n_flags_differing: int
    """Items that several of them cover, problematic in one and not in another."""
    n_originals_differing: int
    """Items to which several of them give an original label, and not the same."""


class _Settled(NamedTuple):
    keys: npt.NDArray[np.int64]
    values: npt.NDArray[np.int64]
    n_differing: int


def combine_labels(sources: Sequence[LabelSet], *, how: Combination) -> CombinedLabels:
    """Make one label set of several. It covers each item that one of them covers and keeps each pair that one judged.

    Where they differ:

    - `union`: the verdict is the most favorable one, correct before unclear before wrong, whatever the order of the
      label sets; an item is problematic if one of those that cover it says so.
    - `prefer`: the verdict is that of the first label set that judged the pair; whether the item is problematic says
      the first that covers it, even if all its verdicts come from later ones.
    - Under both, the original label is that of the first label set that has one for the item.

    Args:
        sources: At least two label sets of the same split and classes, the preferred first.
        how: How to settle what differs.

    Returns:
        The new content, with the counts of what had to be settled. A pair counts once, however many label sets differ.

    Raises:
        InputError: There are fewer than two, `how` is neither, or they are of different splits or numbers of classes.
    """
    check_choice(how, get_args(Combination), "how")
    if len(sources) < 2:
        raise InputError("at least two label sets", got=str(len(sources)), remedy="Name another one.")
    for source in sources[1:]:
        check_alike(sources[0], source)
    best = how == "union"
    items = np.concatenate([source.items for source in sources])
    original = np.concatenate([source.original for source in sources])
    problematic = np.concatenate([source.problematic for source in sources])
    keys = np.concatenate([pair_keys(row.pair_items, row.pair_classes, row.n_classes) for row in sources])
    verdicts = _settle(keys, np.concatenate([source.pair_codes for source in sources]), best=best)
    flags = _settle(items, problematic.astype(np.int8), best=best)
    has_label = original != NO_LABEL
    originals = _settle(items[has_label], original[has_label], best=False)
    pair_items, pair_classes = np.divmod(verdicts.keys, sources[0].n_classes)
    labels = LabelSet(
        split=sources[0].split,
        n_classes=sources[0].n_classes,
        items=flags.keys.astype(np.int32),
        original=_spread(originals, flags.keys),
        problematic=flags.values.astype(np.bool_),
        pair_items=pair_items.astype(np.int32),
        pair_classes=pair_classes.astype(np.int32),
        pair_codes=verdicts.values.astype(np.int8),
    )
    return CombinedLabels(
        labels=labels,
        n_verdicts_differing=verdicts.n_differing,
        n_flags_differing=flags.n_differing,
        n_originals_differing=originals.n_differing,
    )


def _settle(keys: npt.NDArray[np.integer], values: npt.NDArray[Value], *, best: bool) -> _Settled:
    """One value a key, keys ascending: the first one, or the highest."""
    if best:
        order = np.argsort(-values, kind="stable")
        keys, values = keys[order], values[order]
    unique, first, group = np.unique(keys, return_index=True, return_inverse=True)
    differing = values != values[first][group]
    return _Settled(unique.astype(np.int64), values[first].astype(np.int64), len(np.unique(keys[differing])))


def _spread(originals: _Settled, items: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    """(m,) the original label of each item, NO_LABEL where none of the label sets has one."""
    labels = np.full(len(items), NO_LABEL, np.int32)
    labels[np.searchsorted(items, originals.keys)] = originals.values
    return labels
