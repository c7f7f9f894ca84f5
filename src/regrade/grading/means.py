"""Means of counts with their 95 % intervals: over items, and over classes."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.intervals import class_mean_interval, wilson_interval
from regrade.grading.tallies import RightCounts

_N_MODELS = 64
"""The shares of so many models are in memory at once."""


class Mean(NamedTuple):
    """A mean with its 95 % interval; all None where it is undefined."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


def class_means(counts: RightCounts) -> npt.NDArray[np.float64]:
    """Give the mean over original classes of the share that is right: multi-label accuracy, for many models at once.

    Args:
        counts: Of m models. Classes without a graded item are left out, and so are items without an original label.

    Returns:
        (m,) 0 worst, 1 best; NaN where no graded item has an original label.

    Source:
        Shankar et al. 2020, Evaluating machine accuracy on ImageNet (multi-label accuracy).

    >>> counts = RightCounts(np.array([[2, 4, 0, 9]]), np.array([[1, 4, 0, 0]]))
    >>> class_means(counts).tolist()
    [0.75]
    """
    means = np.empty(len(counts.n_graded))
    for start in range(0, len(means), _N_MODELS):
        models = slice(start, start + _N_MODELS)
        n_graded, n_right = counts.n_graded[models, :-1], counts.n_right[models, :-1]
        shares = n_right / np.maximum(n_graded, 1)
        means[models] = _divide(shares.sum(axis=1), np.count_nonzero(n_graded, axis=1))
    return means


def item_means(counts: RightCounts) -> npt.NDArray[np.float64]:
    """Give the share of graded items that is right, for many models at once.

    Args:
        counts: Of m models; items without an original label count too.

    Returns:
        (m,) 0 worst, 1 best; NaN where no item is graded.

    >>> counts = RightCounts(np.array([[2, 4, 0, 4]]), np.array([[1, 4, 0, 0]]))
    >>> item_means(counts).tolist()
    [0.5]
    """
    return _divide(counts.n_right.sum(axis=1), counts.n_graded.sum(axis=1))


def class_mean(n_right: npt.NDArray[np.integer], n_graded: npt.NDArray[np.integer]) -> Mean:
    """One row of `class_means`, with its interval.

    Args:
        n_right: (C + 1,) right items of each original class, and last of none (of no account).
        n_graded: (C + 1,) graded items, likewise.
    """
    value = float(class_means(RightCounts(n_graded[None], n_right[None]))[0])
    return _with_interval(value, class_mean_interval(n_right[:-1].astype(np.int64), n_graded[:-1].astype(np.int64)))


def item_mean(n_right: int, n_graded: int) -> Mean:
    """A share with its interval; undefined where nothing is graded."""
    value = n_right / n_graded if n_graded else math.nan
    return _with_interval(value, wilson_interval(value, n_graded))


def _with_interval(value: float, interval: tuple[float, float] | None) -> Mean:
    return Mean() if interval is None else Mean(value, *interval)


def _divide(values: npt.NDArray[np.number], n: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """The quotients; NaN where n = 0."""
    return np.where(n > 0, values / np.maximum(n, 1), np.nan)
