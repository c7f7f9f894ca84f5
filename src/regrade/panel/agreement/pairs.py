"""What each two reviewers said of the units that both rated: one table of counts a pair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.ratings import Ratings

_CHUNK = 1 << 20
"""Pairs of ratings that are counted at a time: bounds the memory."""


class PairTables(NamedTuple):
    """The P pairs of reviewers that have rated a unit in common."""

    first: npt.NDArray[np.int64]
    """(P,) the reviewer of the lower number; pairs ascend by first, then by second."""
    second: npt.NDArray[np.int64]
    """(P,)."""
    tables: npt.NDArray[np.int64]
    """(P, K, K) units by the code that the first and the code that the second gave."""


def pair_tables(ratings: Ratings) -> PairTables:
    """Count, for each pair of reviewers, how often one gave this code and the other that one.

    Args:
        ratings: Any number of them, in any order.

    Returns:
        Only pairs that share a unit; none where no unit has two ratings.

    >>> pairs = pair_tables(Ratings(np.array([1, 0, 2]), np.array([0, 0, 1]), np.array([1, 0, 0]), 3, 2, 2))
    >>> pairs.first.tolist(), pairs.second.tolist(), pairs.tables.tolist()
    ([0], [1], [[[0, 1], [0, 0]]])
    """
    n_reviewers, n_codes = ratings.n_reviewers, ratings.n_codes
    cells = np.zeros((n_reviewers * n_codes) ** 2, np.int64)
    # Rows by unit and reviewer: then the first of any two has the lower number.
    order = np.lexsort((ratings.reviewers, ratings.units))
    voices = (ratings.reviewers.astype(np.int64) * n_codes + ratings.codes)[order]
    for first, second in _list_pairs(ratings.units[order]):
        cells += np.bincount(voices[first] * (n_reviewers * n_codes) + voices[second], minlength=len(cells))
    tables = cells.reshape(n_reviewers, n_codes, n_reviewers, n_codes).transpose(0, 2, 1, 3)
    first, second = np.nonzero(tables.any(axis=(2, 3)))
    return PairTables(first, second, tables[first, second])


def _list_pairs(units: npt.NDArray[np.integer]) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """Rows of all pairs of ratings of the same unit, the units sorted; units with as many ratings together."""
    starts = np.flatnonzero(np.diff(units, prepend=-1))
    sizes = np.diff(starts, append=len(units))
    for size in np.unique(sizes[sizes > 1]):
        one, other = np.triu_indices(size, k=1)
        n_at_once = max(1, _CHUNK // len(one))
        alike = starts[sizes == size]
        for at in range(0, len(alike), n_at_once):
            rows = alike[at : at + n_at_once, None]
            yield (rows + one).ravel(), (rows + other).ravel()
