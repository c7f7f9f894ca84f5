"""Buckets: the groups of graded items that the headline's mean goes over, so that one computation serves both means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.grading.keys import AnswerKey


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """The original classes under a class mean; under an item mean one bucket that holds every item."""

    of_item: npt.NDArray[np.integer]
    """(g,) bucket of each graded item of the key; `n` where it is in none (a class mean leaves it out)."""
    n: int

    def count(self, items: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        """(n,) how many of those graded items (indices, may repeat) lie in each bucket."""
        return np.bincount(self.of_item[items], minlength=self.n + 1)[: self.n]

    def count_rows(self, rows: npt.NDArray[np.intp], items: npt.NDArray[np.intp], n_rows: int) -> npt.NDArray[np.int64]:
        """(n_rows, n) the same for pairs of a row and an item, row by row."""
        width = self.n + 1
        flat = np.bincount(rows * width + self.of_item[items], minlength=n_rows * width)
        return flat.reshape(n_rows, width)[:, : self.n]


def headline_buckets(key: AnswerKey) -> Buckets:
    """The buckets of the key's headline."""
    if key.rubric.headline == "class mean":
        return Buckets(key.original, key.n_classes)
    return Buckets(np.zeros(len(key.items), np.int64), 1)


def headline_accuracy(n_wrong: npt.NDArray[np.int64], n_items: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Give the mean over buckets of the share that is right, 0 worst and 1 best.

    Args:
        n_wrong: (..., n) wrong items of each bucket, 0..n_items.
        n_items: (n,) items of each bucket; empty ones are left out.

    Returns:
        (...) accuracies; NaN where every bucket is empty.

    >>> float(headline_accuracy(np.array([1, 0, 1]), np.array([2, 0, 1])))
    0.25
    """
    there = n_items > 0
    if not there.any():
        return np.full(n_wrong.shape[:-1], np.nan)
    shares: npt.NDArray[np.float64] = (1 - n_wrong[..., there] / n_items[there]).mean(axis=-1)
    return shares
