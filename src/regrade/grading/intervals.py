"""95 % intervals in closed form: Wilson for an item mean, and Wilson with an effective n for a mean over classes."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.arrays import read_integers, read_share, refuse_above

Z_95 = NormalDist().inv_cdf(0.975)
"""Two-sided 95 % quantile of the normal distribution."""


class Interval(NamedTuple):
    """A 95 % interval of a share; 0 <= low <= high <= 1."""

    low: float
    high: float


def wilson_interval(p: float, n: float) -> Interval | None:
    """Give the 95 % interval of a share.

    Args:
        p: Observed share, 0..1.
        n: Number of items that it was observed on, >= 0; an effective number need not be whole.

    Returns:
        The interval, which holds `p`; 0 is its low end where p = 0, and 1 its high end where p = 1. None where n = 0:
        there is nothing to tell from.

    Raises:
        InputError: A number is outside of its range.

    Source:
        Wilson 1927, Probable inference, the law of succession, and statistical inference.

    >>> [round(end, 6) for end in wilson_interval(0.5, 10)]
    [0.236593, 0.763407]
    >>> wilson_interval(0.5, 0) is None
    True
    """
    if not 0 <= n < math.inf:
        raise InputError("a number from 0", got=str(n), where="n")
    if n == 0:
        return None
    p = read_share(p, "p")
    z2 = Z_95 * Z_95
    center = p + z2 / (2 * n)
    reach = Z_95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    # Rounding may leave an end a hair beyond p or beyond 0..1 where p is 0 or 1.
    return Interval(max(0.0, min((center - reach) / scale, p)), min(1.0, max((center + reach) / scale, p)))


def class_mean_interval(n_right: npt.ArrayLike, n_graded: npt.ArrayLike) -> Interval | None:
    """Give the 95 % interval of the mean over classes of the share that is right.

    The variance of that mean is V = C^-2 sum_c p_c (1 - p_c) / (n_c - 1); a class with one item tells nothing of its
    own variance and takes p (1 - p) of all items together. Wilson's interval then runs with the number of items that
    would give that variance, p (1 - p) / V, but with no more than twice n0 = C^2 / sum_c (1 / n_c), the number for
    classes of equal accuracy; where V = 0, with n0.

    Args:
        n_right: (C,) right items of each class, 0..n_graded.
        n_graded: (C,) graded items of each class; classes with 0 are left out.

    Returns:
        The interval, which holds the mean. None where no class has a graded item.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Of our own. By simulation it covers 93 to 98 % for accuracies from 0.4 to 0.99 with 200 and more classes of 2
        to 20 items, or 10 and more of 5 to 20. It falls to 90 to 93 % with up to 100 classes some of which have 2 to 4
        items, and with about one expected mistake in all (68 items of 60 classes at 0.99); the tests hold the figures.

    >>> [round(end, 6) for end in class_mean_interval(np.array([5, 10]), np.array([10, 20]))]
    [0.315687, 0.684313]
    >>> class_mean_interval(np.array([0]), np.array([0])) is None
    True
    """
    graded = read_integers(n_graded, "n_graded", ("C",), lowest=0)
    right = read_integers(n_right, "n_right", graded.shape, lowest=0)
    refuse_above(right, "n_right", graded, "n_graded")
    right, graded = right[graded > 0], graded[graded > 0]
    n_classes = len(graded)
    if n_classes == 0:
        return None
    shares = right / graded
    p = float(shares.mean())
    pooled = int(right.sum()) / int(graded.sum())
    spreads = np.where(graded > 1, shares * (1 - shares) / np.maximum(graded - 1, 1), pooled * (1 - pooled))
    variance = float(spreads.sum()) / n_classes**2
    n_even = n_classes**2 / float((1 / graded).sum())
    n = n_even if variance == 0 else min(p * (1 - p) / variance, 2 * n_even)
    return wilson_interval(p, n)
