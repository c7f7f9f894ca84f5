"""Each reviewer held against what the panel decided."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.ratings import Ratings

UNDECIDED = -1
"""Stands among codes for a unit that is not decided."""


def confusion_tables(ratings: Ratings, decided: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    """Count each reviewer's answers by what was decided.

    Args:
        ratings: Any number of them, in any order.
        decided: (U,) code that was decided on each unit, or UNDECIDED.

    Returns:
        (R, K, K) units by reviewer, by the code decided, by the code that the reviewer gave. Zeros for a reviewer of
        no decided unit.

    >>> said = Ratings(np.array([0, 0, 0]), np.array([0, 1, 2]), np.array([1, 0, 1]), 1, 3, 2)
    >>> confusion_tables(said, np.array([1, 1, UNDECIDED])).tolist()
    [[[0, 0], [1, 1]]]
    """
    n_codes = ratings.n_codes
    truth = decided[ratings.units]
    known = ratings.rows(truth != UNDECIDED)
    cells = (known.reviewers.astype(np.int64) * n_codes + truth[truth != UNDECIDED]) * n_codes + known.codes
    shape = (ratings.n_reviewers, n_codes, n_codes)
    return np.bincount(cells, minlength=ratings.n_reviewers * n_codes**2).reshape(shape)
