"""Made-up panels that the tests of agreement share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement import Ratings

MISSING = -1


def ratings_of(table: Sequence[Sequence[int]], *, n_codes: int) -> Ratings:
    """Ratings from a table of one row a reviewer and one column a unit; MISSING where there is none."""
    codes = np.array(table, dtype=np.int64)
    reviewers, units = np.nonzero(codes != MISSING)
    n_reviewers, n_units = codes.shape
    return Ratings(reviewers, units, codes[reviewers, units], n_reviewers, n_units, n_codes)


def table_of(ratings: Ratings) -> npt.NDArray[np.int64]:
    """The table that `ratings_of` reads."""
    table = np.full((ratings.n_reviewers, ratings.n_units), MISSING)
    table[ratings.reviewers, ratings.units] = ratings.codes
    return table


def make_ratings(
    seed: int, *, n_reviewers: int = 5, n_units: int = 60, n_codes: int = 3, share: float = 0.6
) -> Ratings:
    """Reviewers who are right more often than not, on units some of which they have not rated."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(n_codes, size=n_units, p=np.r_[0.6, np.full(n_codes - 1, 0.4 / (n_codes - 1))])
    right = rng.random((n_reviewers, n_units)) < rng.uniform(0.6, 0.95, (n_reviewers, 1))
    codes = np.where(right, truth, rng.integers(0, n_codes, (n_reviewers, n_units)))
    codes[rng.random(codes.shape) > share] = MISSING
    return ratings_of(codes.tolist(), n_codes=n_codes)
