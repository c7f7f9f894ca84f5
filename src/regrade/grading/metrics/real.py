"""ReaL accuracy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_accepted_pairs, read_integers
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def real_accuracy(top1: npt.ArrayLike, accepted_items: npt.ArrayLike, accepted_classes: npt.ArrayLike) -> Figure:
    """Give the share of items whose top-1 class is one of the accepted ones.

    The policy `real` gives the same for a label set; this needs nothing but arrays.

    Args:
        top1: (n,) top-1 class of each item, NO_CLASS where there is none. Ties are settled by whoever ranked: for the
            lowest class id.
        accepted_items: (p,) the item (position in `top1`) of each accepted pair, each pair once, in any order.
        accepted_classes: (p,) the class of each.

    Returns:
        The share over the items that have an accepted class and a prediction, 0 worst and 1 best. Undefined where there
        is no such item.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Beyer et al. 2020, Are we done with ImageNet? (section 4, ReaL accuracy).

    >>> real_accuracy(np.array([1, 0, 2]), np.array([0, 0, 1]), np.array([0, 1, 2]))
    Figure(value=0.5, n=2, why='')
    """
    tops = read_integers(top1, "top1", lowest=NO_CLASS)
    accepted = read_accepted_pairs(accepted_items, accepted_classes, n_items=len(tops))
    has_accepted = np.bincount(accepted.items, minlength=len(tops)) > 0
    n = int(np.count_nonzero(has_accepted & (tops != NO_CLASS)))
    if n == 0:
        return Figure(None, 0, "no item has an accepted class and a prediction")
    return Figure(int(np.count_nonzero(tops[accepted.items] == accepted.classes)) / n, n)
