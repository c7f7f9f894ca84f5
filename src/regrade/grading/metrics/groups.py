"""Accuracy by groups of classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_integers, read_truths
from regrade.grading.tallies import RightCounts

NO_GROUP = -1
"""Stands for a class that is in no group."""


def group_counts(
    right: npt.ArrayLike,
    original: npt.ArrayLike,
    group_of_class: npt.ArrayLike,
    *,
    items: npt.ArrayLike,
    classes: npt.ArrayLike,
) -> RightCounts:
    """Count graded and right items by group of classes, and within a group by original class.

    The pairs (`items`, `classes`) say what an item counts for: given each item with its original class, it counts for
    the group of that class; given all accepted pairs, for every group that one of its accepted classes is in (so it may
    count for several). `item_means` and `class_means` of the counts are the groups' accuracies, NaN for a group without
    an item.

    Args:
        right: (n,) whether each graded item is right; may be empty.
        original: (n,) original class of each, 0..C-1, or C where there is none.
        group_of_class: (C,) group of each class, 0..G-1, or NO_GROUP.
        items: (p,) item (index into `right`) of each pair, in any order; a pair may repeat.
        classes: (p,) class of each pair, 0..C-1.

    Returns:
        Counts of G rows, G being the highest group + 1.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        By any accepted class: Peychev et al. 2023, Automated classification of model errors on ImageNet.
    """
    is_right = read_truths(right, "right")
    group_ids = read_integers(group_of_class, "group_of_class", ("C",), lowest=NO_GROUP)
    n_classes, n_groups = len(group_ids), int(group_ids.max(initial=NO_GROUP)) + 1
    class_of_item = read_integers(original, "original", is_right.shape, lowest=0, n=n_classes + 1)
    at = read_integers(items, "items", ("p",), lowest=0, n=len(is_right))
    groups = group_ids[read_integers(classes, "classes", at.shape, lowest=0, n=n_classes)]
    members = np.unique(at[groups != NO_GROUP] * np.int64(max(n_groups, 1)) + groups[groups != NO_GROUP])
    item, group = np.divmod(members, max(n_groups, 1))
    slots = group * (n_classes + 1) + class_of_item[item]
    shape = (n_groups, n_classes + 1)
    n_graded = np.bincount(slots, minlength=n_groups * (n_classes + 1))
    n_right = np.bincount(slots[is_right[item]], minlength=n_groups * (n_classes + 1))
    return RightCounts(n_graded.reshape(shape).astype(np.int32), n_right.reshape(shape).astype(np.int32))
