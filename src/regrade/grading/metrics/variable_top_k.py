"""Variable top-k accuracy: as many ranks count on an item as it has accepted classes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.judged import ClassIds
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def variable_top_k_accuracy(
    ranks: ClassIds, accepted_items: npt.NDArray[np.integer], accepted_classes: npt.NDArray[np.integer]
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

    Source:
        k: Anzaku et al. 2024, arXiv 2412.18409. The share of an item is what information retrieval calls R-precision.

    >>> ranks = np.array([[0, 2, 1], [1, 0, 2]])
    >>> variable_top_k_accuracy(ranks, np.array([0, 0, 1]), np.array([0, 1, 1])).value
    0.75
    """
    k = np.bincount(accepted_items, minlength=len(ranks))
    counted = (k > 0) & (ranks[:, 0] != NO_CLASS)
    n = int(np.count_nonzero(counted))
    if n == 0:
        return Figure(None, 0, "no item has an accepted class and a prediction")
    n_ranked = np.count_nonzero(ranks != NO_CLASS, axis=1)
    n_short = int(np.count_nonzero(counted & (n_ranked < k)))
    if n_short:
        return Figure(None, n, f"fewer ranks than accepted classes on {n_short} of the items")
    found = (ranks[accepted_items] == accepted_classes[:, None]) & (np.arange(ranks.shape[1]) < k[accepted_items, None])
    n_found = np.bincount(accepted_items[found.any(axis=1)], minlength=len(ranks))
    return Figure(float((n_found[counted] / k[counted]).mean()), n)
