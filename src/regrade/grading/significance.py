"""Exact McNemar p-values, and Holm's adjustment for many of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_counts, read_shares


def mcnemar_p(n_only_a: npt.ArrayLike, n_only_b: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Test whether two models get the same share of items wrong, by the items that only one of them gets wrong.

    Always the exact two-sided binomial of the one count among both with probability 1/2; no approximation for large
    counts, and nothing about classes.

    Args:
        n_only_a: (...) items that only the one gets wrong, >= 0.
        n_only_b: (...) items that only the other gets wrong, >= 0.

    Returns:
        (...) p-values, 0..1; 1 where there is no such item.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        McNemar 1947, Note on the sampling error of the difference between correlated proportions or percentages.

    >>> mcnemar_p([9, 0, 3], [1, 0, 3]).round(6).tolist()
    [0.021484, 1.0, 1.0]
    """
    from scipy.special import bdtr  # noqa: PLC0415 - quick start: grading one model needs no scipy

    a, b = read_counts(n_only_a=n_only_a, n_only_b=n_only_b)
    p: npt.NDArray[np.float64] = np.minimum(2 * bdtr(np.minimum(a, b).astype(np.float64), a + b, 0.5), 1.0)
    return p


def holm_adjusted(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Adjust p-values so that the chance of any false rejection among them is at most the level.

    Args:
        p: (k,) p-values, 0..1; may be empty.

    Returns:
        (k,) adjusted p-values in the same order, each at least as large, at most 1. Equal ones stay equal.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Holm 1979, A simple sequentially rejective multiple test procedure.

    >>> holm_adjusted(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    values = read_shares(p, "p", ("k",))
    order = np.argsort(values, kind="stable")
    steps = np.minimum(values[order] * np.arange(len(values), 0, -1), 1.0)
    adjusted = np.empty(len(values))
    adjusted[order] = np.maximum.accumulate(steps)
    return adjusted
