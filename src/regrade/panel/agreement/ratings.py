"""Ratings: who gave which code to which unit. All measures of agreement start from them, or from their counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Ratings:
    """Codes that reviewers gave to units, one row a rating; a pair without a row is a missing rating.

    A unit is what is judged: an (item, class), or an item. A reviewer rates a unit at most once.
    """

    reviewers: npt.NDArray[np.integer]
    """(n,) who rated, 0..R-1."""
    units: npt.NDArray[np.integer]
    """(n,) what was rated, 0..U-1."""
    codes: npt.NDArray[np.integer]
    """(n,) the answer, 0..K-1."""
    n_reviewers: int
    """R."""
    n_units: int
    """U."""
    n_codes: int
    """K."""

    def __len__(self) -> int:
        """The number of ratings."""
        return len(self.codes)

    def rows(self, chosen: npt.NDArray[np.bool_] | npt.NDArray[np.integer]) -> Ratings:
        """The chosen ratings, in the order chosen; reviewers, units and codes keep their numbers."""
        return replace(self, reviewers=self.reviewers[chosen], units=self.units[chosen], codes=self.codes[chosen])


def count_ratings(ratings: Ratings) -> npt.NDArray[np.int64]:
    """Count how often each unit was given each code.

    Args:
        ratings: Any number of them, in any order.

    Returns:
        (U, K) counts; a row of zeros for a unit that nobody rated.

    >>> three = Ratings(np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([2, 0, 2]), 2, 2, 3)
    >>> count_ratings(three).tolist()
    [[1, 0, 1], [0, 0, 1]]
    """
    cells = ratings.units.astype(np.int64) * ratings.n_codes + ratings.codes
    return np.bincount(cells, minlength=ratings.n_units * ratings.n_codes).reshape(ratings.n_units, ratings.n_codes)
