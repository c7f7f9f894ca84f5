"""How well confidence tells wrong from right: AUROC, and the risk-coverage curve with its area."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_numbers, read_truths
from regrade.grading.metrics.ties import tie_groups
from regrade.records.metrics import Figure


class RiskCoverage(NamedTuple):
    """A risk-coverage curve: one point for each number of items kept, the surest first."""

    coverage: npt.NDArray[np.float64]
    """(n,) share of the items that are kept: 1/n, 2/n, ... 1."""
    risk: npt.NDArray[np.float64]
    """(n,) share of the kept items that is wrong."""


def wrong_auroc(confidence: npt.ArrayLike, right: npt.ArrayLike) -> Figure:
    """Give the chance that a wrong item is less sure than a right one: AUROC of low confidence for being wrong.

    Args:
        confidence: (n,) score of the top-1 class of each item, higher is surer, a probability or not; may be empty.
        right: (n,) whether that class is accepted.

    Returns:
        1: every wrong item is less sure than every right one; 0.5: confidence tells nothing; 0: the other way round. A
        tie counts half (midranks). Undefined where no item is right, or none is wrong.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Mann and Whitney 1947 (the statistic U over the number of pairs); Hendrycks and Gimpel 2017, A baseline for
        detecting misclassified and out-of-distribution examples (its use).

    >>> wrong_auroc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False])).value
    0.875
    """
    sure = read_numbers(confidence, "confidence")
    is_right = read_truths(right, "right", sure.shape)
    n, n_right = len(sure), int(np.count_nonzero(is_right))
    if n_right in {0, n}:
        return Figure(None, n, "it needs right items and wrong ones")
    ties = tie_groups(sure)
    midranks = np.cumsum(ties.sizes) - (ties.sizes - 1) / 2
    n_won = float(midranks[ties.group[is_right]].sum()) - n_right * (n_right + 1) / 2
    return Figure(n_won / (n_right * (n - n_right)), n)


def risk_coverage_curve(confidence: npt.ArrayLike, right: npt.ArrayLike) -> RiskCoverage:
    """Give the share of wrong items among the 1, 2, ... n items of the highest confidence.

    Args:
        confidence: (n,) score of the top-1 class of each item, higher is surer, a probability or not; may be empty.
        right: (n,) whether that class is accepted.

    Returns:
        The curve; empty where there is no item. Within items of equal confidence it gives what a random order gives on
        average, so that the order of items is of no account.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        El-Yaniv and Wiener 2010, On the foundations of noise-free selective classification.

    >>> risk_coverage_curve(np.array([0.9, 0.5, 0.5]), np.array([True, False, True])).risk.tolist()
    [0.0, 0.25, 0.3333333333333333]
    """
    sure = read_numbers(confidence, "confidence")
    is_right = read_truths(right, "right", sure.shape)
    ties = tie_groups(-sure)
    n_wrong = np.bincount(ties.group[~is_right], minlength=len(ties.values))
    # Each item of a tie is as wrong as the tie is on average.
    wrong = np.repeat(n_wrong / np.maximum(ties.sizes, 1), ties.sizes)
    kept = np.arange(1, len(sure) + 1)
    return RiskCoverage(kept / max(len(sure), 1), np.cumsum(wrong) / kept)


def risk_coverage_area(confidence: npt.ArrayLike, right: npt.ArrayLike) -> Figure:
    """Give the mean of the risk-coverage curve over its n coverages (AURC).

    Args:
        confidence: (n,) score of the top-1 class of each item, higher is surer, a probability or not; may be empty.
        right: (n,) whether that class is accepted.

    Returns:
        The area, 0 best and 1 worst; a confidence that is the same for all gives the share of wrong items. Undefined
        where there is no item.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Geifman, Uziel and El-Yaniv 2019, Bias-reduced uncertainty estimation for deep neural classifiers (AURC).

    >>> round(risk_coverage_area(np.array([0.9, 0.5, 0.1]), np.array([True, True, False])).value, 6)
    0.111111
    """
    risk = risk_coverage_curve(confidence, right).risk
    if len(risk) == 0:
        return Figure(None, 0, "no graded item has a confidence")
    return Figure(float(risk.mean()), len(risk))
