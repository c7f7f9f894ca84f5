"""Reliability curve and expected calibration error, over bins of equal mass."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_count, read_shares, read_truths
from regrade.grading.metrics.ties import tie_groups
from regrade.records.metrics import Figure, ReliabilityBin

N_BINS = 15


def reliability_curve(
    confidence: npt.ArrayLike, right: npt.ArrayLike, *, n_bins: int = N_BINS
) -> tuple[ReliabilityBin, ...]:
    """Give the accuracy of items of about the same confidence, in bins of about the same number of items.

    Args:
        confidence: (n,) probability of the top-1 class of each item, 0..1; may be empty.
        right: (n,) whether that class is accepted.
        n_bins: Number of bins B, >= 1.

    Returns:
        The bins that hold an item, confidence ascending; none where there is no item. Items of equal confidence stay
        together, in the bin of their middle rank, so that the order of items is of no account: with such ties bins
        differ in size, and some may be empty and left out.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Nguyen and O'Connor 2015, Posterior calibration and exploratory analysis for natural language processing models
        (bins of equal mass).

    >>> [(row.n, row.accuracy) for row in reliability_curve(np.array([0.2, 0.4, 0.6, 0.8]), np.arange(4) > 1, n_bins=2)]
    [(2, 0.0), (2, 1.0)]
    """
    sure = read_shares(confidence, "confidence")
    is_right, n_bins = read_truths(right, "right", sure.shape), read_count(n_bins, "n_bins")
    ties = tie_groups(sure)
    n_below = np.cumsum(ties.sizes) - ties.sizes
    bin_of_value = (2 * n_below + ties.sizes) * n_bins // max(2 * len(sure), 1)
    bin_of_item = bin_of_value[ties.group]
    n = np.bincount(bin_of_item, minlength=n_bins)
    n_right = np.bincount(bin_of_item[is_right], minlength=n_bins)
    total = np.bincount(bin_of_item, weights=sure, minlength=n_bins)
    first = np.searchsorted(bin_of_value, np.arange(n_bins), side="left")
    last = np.searchsorted(bin_of_value, np.arange(n_bins), side="right") - 1
    return tuple(
        ReliabilityBin(
            n=int(n[row]),
            lowest=float(ties.values[first[row]]),
            highest=float(ties.values[last[row]]),
            mean_confidence=float(total[row] / n[row]),
            accuracy=int(n_right[row]) / int(n[row]),
        )
        for row in np.flatnonzero(n)
    )


def calibration_error(confidence: npt.ArrayLike, right: npt.ArrayLike, *, n_bins: int = N_BINS) -> Figure:
    """Give the expected calibration error: the mean over items of |accuracy - mean confidence| of their bin.

    Args:
        confidence: (n,) probability of the top-1 class of each item, 0..1; may be empty.
        right: (n,) whether that class is accepted.
        n_bins: Number of bins of equal mass, >= 1; see `reliability_curve` for ties.

    Returns:
        The error, 0 best and 1 worst. Undefined where there is no item. With few items a bin it is biased upward: a
        perfectly calibrated model does not reach 0.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Guo et al. 2017, On calibration of modern neural networks (section 2); bins of equal mass as in Roelofs et al.
        2022, Mitigating bias in calibration error estimation.

    >>> calibration_error(np.array([0.25, 0.25, 0.75, 0.75]), np.array([False, False, True, True]), n_bins=2).value
    0.25
    """
    curve = reliability_curve(confidence, right, n_bins=n_bins)
    n = sum(row.n for row in curve)
    if n == 0:
        return Figure(None, 0, "no graded item has a confidence")
    return Figure(sum(row.n * abs(row.accuracy - row.mean_confidence) for row in curve) / n, n)
