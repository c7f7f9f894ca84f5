"""Top-k accuracy against a single label."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_count, read_integers, refuse_below, refuse_repeated
from regrade.grading.judged import NO_MATCH, ClassIds
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def top_k_accuracy(ranks: npt.ArrayLike, labels: npt.ArrayLike, *, k: int, laid_out: ClassIds | None = None) -> Figure:
    """Count how often the label is among the first k classes.

    Args:
        ranks: (n, r) class ids, best first, none twice in a row; NO_CLASS where there is none (a missing item has it in
            column 0). Ties are settled by whoever ranked: for the lowest class id.
        labels: (n,) class id of each item; below 0: the item has none and does not count.
        k: How many ranks count, >= 1.
        laid_out: What `lay_out_labels(labels, r, k)` gives, for who scores many models by the same labels, whose ranks
            have been checked for repeated classes; None: it is made here, and they are checked.

    Returns:
        The share of the items that have a label and a prediction, 0 worst and 1 best. Undefined where there is no such
        item, or where one of them has fewer than k ranks.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    >>> top_k_accuracy(np.array([[0, 2], [1, 0], [2, 1]]), np.array([2, 2, 2]), k=2).value
    0.6666666666666666
    """
    ranked, k = read_integers(ranks, "ranks", ("n", "r")), read_count(k, "k")
    expected = read_integers(labels, "labels", ranked.shape[:1])
    lowest = int(ranked.min(initial=0))
    refuse_below(ranked, "ranks", NO_CLASS, found=lowest)
    if laid_out is None:
        refuse_repeated(ranked[:, :k], "ranks")
    counted = expected >= 0
    complete = lowest > NO_CLASS
    if not complete:
        counted &= ranked[:, 0] != NO_CLASS
    n = int(np.count_nonzero(counted))
    if n == 0:
        return Figure(None, 0, "no item has a label and a prediction")
    if ranked.shape[1] < k:
        return Figure(None, n, f"the predictions have {ranked.shape[1]} of the {k} ranks")
    if not complete:
        n_short = int(np.count_nonzero((ranked[:, :k] == NO_CLASS).any(axis=1) & counted))
        if n_short:
            return Figure(None, n, f"fewer than {k} ranks on {n_short} of the items")
    sought = lay_out_labels(expected, ranked.shape[1], k) if laid_out is None else laid_out
    # A row ranks no class twice, so the matches are the items that match.
    return Figure(int(np.count_nonzero(ranked == sought)) / n, n)


def lay_out_labels(labels: ClassIds, n_ranks: int, k: int) -> ClassIds:
    """Repeat each label at the first k of r ranks, so that it is compared with all of them in one stroke.

    Args:
        labels: (n,) class ids; below 0 where there is none.
        n_ranks: r.
        k: How many ranks count.

    Returns:
        (n, r) labels, and NO_MATCH at later ranks and where there is no label.
    """
    laid_out = np.full((len(labels), n_ranks), NO_MATCH, labels.dtype)
    laid_out[:, :k] = np.where(labels < 0, labels.dtype.type(NO_MATCH), labels)[:, None]
    return laid_out
