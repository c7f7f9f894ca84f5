"""Top-k accuracy against a single label."""

from __future__ import annotations

import numpy as np

from regrade.grading.judged import NO_MATCH, ClassIds
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def top_k_accuracy(ranks: ClassIds, labels: ClassIds, *, k: int, laid_out: ClassIds | None = None) -> Figure:
    """Count how often the label is among the first k classes.

    Args:
        ranks: (n, r) class ids, best first, none twice in a row; NO_CLASS where there is none (a missing item has it in
            column 0). Ties are settled by whoever ranked: for the lowest class id.
        labels: (n,) class id of each item; below 0: the item has none and does not count.
        k: How many ranks count, >= 1.
        laid_out: What `lay_out_labels(labels, r, k)` gives, for who scores many models by the same labels; None: it is
            made here.

    Returns:
        The share of the items that have a label and a prediction, 0 worst and 1 best. Undefined where there is no such
        item, or where one of them has fewer than k ranks.

    >>> top_k_accuracy(np.array([[0, 2], [1, 0], [2, 1]]), np.array([2, 2, 2]), k=2).value
    0.6666666666666666
    """
    counted = labels >= 0
    complete = ranks.size == 0 or bool(ranks.min() > NO_CLASS)
    if not complete:
        counted &= ranks[:, 0] != NO_CLASS
    n = int(np.count_nonzero(counted))
    if n == 0:
        return Figure(None, 0, "no item has a label and a prediction")
    if ranks.shape[1] < k:
        return Figure(None, n, f"the predictions have {ranks.shape[1]} of the {k} ranks")
    if not complete:
        n_short = int(np.count_nonzero((ranks[:, :k] == NO_CLASS).any(axis=1) & counted))
        if n_short:
            return Figure(None, n, f"fewer than {k} ranks on {n_short} of the items")
    expected = lay_out_labels(labels, ranks.shape[1], k) if laid_out is None else laid_out
    # A row ranks no class twice, so the matches are the items that match.
    return Figure(int(np.count_nonzero(ranks == expected)) / n, n)


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
