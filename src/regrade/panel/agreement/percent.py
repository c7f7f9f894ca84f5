"""Percent agreement: how often two reviewers say the same, chance included."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.alpha import NO_PAIR
from regrade.records.metrics import Figure


def percent_agreement(counts: npt.NDArray[np.integer]) -> Figure:
    """Give the share of pairs of ratings that are the same, unit by unit, and its mean over units.

    It knows nothing of chance: where nearly all answers are `wrong` anyway, it is high whatever reviewers look at.

    Args:
        counts: (U, K) how often each unit was given each code (`count_ratings`); may be empty. Units with fewer than
            two ratings are left out, the others count alike.

    Returns:
        0..1, 1 where reviewers always agree. Undefined where no unit has two ratings.

    Source:
        Fleiss 1971, Measuring nominal scale agreement among many raters (there: the mean of P_i).

    >>> percent_agreement(np.array([[2, 0], [1, 1], [3, 0], [1, 0]])).value
    0.6666666666666666
    """
    shares = unit_agreements(counts)
    n_units = int(np.count_nonzero(~np.isnan(shares)))
    return Figure(float(np.nanmean(shares)), n_units) if n_units else Figure(None, 0, NO_PAIR)


def unit_agreements(counts: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """The share of pairs of ratings of each unit that are the same.

    Args:
        counts: (U, K) how often each unit was given each code.

    Returns:
        (U,) 0..1; NaN for a unit with fewer than two ratings.
    """
    n_ratings = counts.sum(axis=1)
    shares = np.full(len(counts), np.nan)
    n_same = (counts * (counts - 1)).sum(axis=1)
    np.divide(n_same, n_ratings * (n_ratings - 1), out=shares, where=n_ratings > 1)
    return shares
