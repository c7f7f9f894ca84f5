"""Variable top-k accuracy: as many ranks count on an item as it has accepted classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_accepted_pairs, read_integers, refuse_repeated
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def variable_top_k_accuracy(
    ranks: npt.ArrayLike, accepted_items: npt.ArrayLike, accepted_classes: npt.ArrayLike
) -> Figure:
    """Give the mean share of an item's k accepted classes that stand among its first k ranks.

    With one accepted class it is top-1 accuracy. An item with k of them gives 0, 1/k, ... or 1.

    Args:
        ranks: (n, r) class ids, best first, none twice in a row; NO_CLASS where there is none (a missing item has it in
            column 0). Ties are settled by whoever ranked: for the lowest class id.
        accepted_items: (p,) the item (row of `ranks`) of each accepted pair, each pair once, in any order.
        accepted_classes: (p,) the class of each.

    Returns:
        The mean over the items that have an accepted class and a prediction, 0 worst and 1 best. Undefined where there
        is no such item, or where one of them has fewer ranks than accepted classes.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        k: Anzaku et al. 2024, arXiv 2412.18409. The share of an item is what information retrieval calls R-precision.

    >>> ranks = np.array([[0, 2, 1], [1, 0, 2]])
    >>> variable_top_k_accuracy(ranks, np.array([0, 0, 1]), np.array([0, 1, 1])).value
    0.75
    """
    ranked = read_integers(ranks, "ranks", ("n", "r"), lowest=NO_CLASS)
    accepted = read_accepted_pairs(accepted_items, accepted_classes, n_items=len(ranked))
    k = np.bincount(accepted.items, minlength=len(ranked))
    refuse_repeated(ranked[:, : k.max(initial=0)], "ranks")
    counted = (k > 0) & (ranked[:, 0] != NO_CLASS)
    n = int(np.count_nonzero(counted))
    if n == 0:
        return Figure(None, 0, "no item has an accepted class and a prediction")
    n_ranked = np.count_nonzero(ranked != NO_CLASS, axis=1)
    n_short = int(np.count_nonzero(counted & (n_ranked < k)))
    if n_short:
        return Figure(None, n, f"fewer ranks than accepted classes on {n_short} of the items")
    counts = np.arange(ranked.shape[1]) < k[accepted.items, None]
    found = (ranked[accepted.items] == accepted.classes[:, None]) & counts
    n_found = np.bincount(accepted.items[found.any(axis=1)], minlength=len(ranked))
    return Figure(float((n_found[counted] / k[counted]).mean()), n)
