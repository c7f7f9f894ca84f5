"""Fleiss' kappa: for units that all have the same number of ratings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.alpha import NO_PAIR, ONE_VALUE
from regrade.panel.agreement.percent import unit_agreements
from regrade.records.metrics import Figure


def fleiss_kappa(counts: npt.NDArray[np.integer]) -> Figure:
    """Give Fleiss' kappa: how far agreement goes beyond chance, where every unit has the same number of ratings.

    Args:
        counts: (U, K) how often each unit was given each code (`count_ratings`); may be empty. Every row must have the
            same sum of at least two.

    Returns:
        1 where reviewers always agree, 0 where they agree as often as by chance, below 0 where less often. Undefined
        where there is no unit, where units differ in their number of ratings or have only one, and where all ratings
        are the same.

    Source:
        Fleiss 1971, Measuring nominal scale agreement among many raters.

    >>> fleiss_kappa(np.array([[2, 0], [2, 0], [1, 1], [0, 2]])).value
    0.4666666666666667
    >>> fleiss_kappa(np.array([[2, 0], [1, 2]])).why
    "Fleiss' kappa needs the same number of answers to every question; there are 2 to 3"
    """
    n_units, n_ratings = len(counts), counts.sum(axis=1)
    if n_units == 0 or n_ratings.max() < 2:
        return Figure(None, 0, NO_PAIR)
    fewest, most = int(n_ratings.min()), int(n_ratings.max())
    if fewest < most:
        why = f"Fleiss' kappa needs the same number of answers to every question; there are {fewest} to {most}"
        return Figure(None, n_units, why)
    shares = counts.sum(axis=0) / counts.sum()
    by_chance = float((shares**2).sum())
    if np.count_nonzero(shares) == 1:
        return Figure(None, n_units, ONE_VALUE)
    observed = float(unit_agreements(counts).mean())
    return Figure((observed - by_chance) / (1 - by_chance), n_units)
