"""Top-1 class and rank of the label from the scores of all classes, a block of rows at a time.

Nothing is sorted: the rank of a label is the number of classes that come before it. What one block gives never depends
on another, so blocks may come in any order and from several threads; a block should fit the cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.grades import make_grade, tally_predictions
from regrade.grading.keys import AnswerKey
from regrade.grading.ranks import N_TOP, join_ranks, score_top_k
from regrade.records.grades import Grade
from regrade.records.metrics import Figure
from regrade.records.predictions import Predictions

_N_LANES = 8
"""Truth values are added eight at a time, in the bytes of 64-bit numbers."""
_MAX_LANE = 255


class LogitRanks(NamedTuple):
    """What is known of r rows of scores. Of a row that is not finite, nothing else means anything."""

    top1: npt.NDArray[np.intp]
    """(r,) class of the highest score; of equal ones the lowest class id."""
    n_before: npt.NDArray[np.intp]
    """(r,) classes that come before the label: with a higher score, or an equal one and a lower id."""
    tied: npt.NDArray[np.bool_]
    """(r,) whether the highest score is shared."""
    finite: npt.NDArray[np.bool_]
    """(r,) whether all scores are finite numbers."""
    level: npt.NDArray[np.bool_]
    """(r,) whether all scores are equal."""


class LogitSheet:
    """One model's scores as they come in, and in the end its grade: the same as that of the ranked classes."""

    def __init__(self, key: AnswerKey) -> None:
        n_items = len(key.ranked_labels)
        self._key = key
        self._labels = np.maximum(key.ranked_labels, 0).astype(np.intp)  # a row without a label is ranked, not counted
        self._top1 = np.zeros((n_items, 1), np.int32)
        self._in_top5 = np.zeros(n_items, np.bool_)
        self._tied = np.zeros(n_items, np.bool_)
        self._is_bad = np.zeros(n_items, np.bool_)

    @property
    def has_bad_rows(self) -> bool:
        """Whether a row is not finite, or the same for every class: no class can be told from it."""
        return bool(self._is_bad.any())

    def add(self, start: int, values: npt.NDArray[np.floating]) -> None:
        """Take in the scores of some items; two calls may run at once, for different items.

        Args:
            start: Position of the first one in the split.
            values: (r, C) their scores, as `rank_labels` takes them.
        """
        rows = slice(start, start + len(values))
        ranked = rank_labels(values, self._labels[rows])
        self._top1[rows, 0] = ranked.top1
        self._in_top5[rows] = ranked.n_before < N_TOP
        self._tied[rows] = ranked.tied
        self._is_bad[rows] = ~ranked.finite | (ranked.level & (values.shape[1] > 1))

    def grade(self, model: str) -> Grade:
        """The grade of all items, once they are all in; what `grading.grade` gives for the ranked classes.

        Args:
            model: Name of the model.
        """
        key = self._key
        predictions = Predictions(
            model, key.split, "model", key.n_classes, self._top1, None, "none", n_ties=int(np.count_nonzero(self._tied))
        )
        top1 = score_top_k(predictions, key, 1)
        n_top5 = int(np.count_nonzero(self._in_top5 & (key.ranked_labels >= 0)))
        top5 = top1 if top1.value is None else Figure(n_top5 / top1.n, top1.n)
        return make_grade(predictions, key, tally_predictions(predictions, key), join_ranks(top1, top5))


def rank_labels(values: npt.NDArray[np.floating], labels: npt.NDArray[np.integer]) -> LogitRanks:
    """Find the top-1 class of each row and the rank of its label.

    Args:
        values: (r, C) scores of all classes (logits or probabilities), C >= 1, float32 or float64, rows one after the
            other in memory.
        labels: (r,) class id of each row, 0..C-1.

    Returns:
        Aligned arrays; empty for no rows.

    >>> ranks = rank_labels(np.array([[0.1, 0.7, 0.7], [0.5, 0.2, 0.3]]), np.array([2, 1]))
    >>> ranks.top1.tolist(), ranks.n_before.tolist(), ranks.tied.tolist()
    ([1, 0], [1, 2], [True, False])
    """
    n_rows, n_classes = values.shape
    start = np.arange(n_rows) * n_classes
    top1 = values.argmax(axis=1)
    highest, own = values.take(start + top1), values.take(start + labels)
    finite = np.isfinite(highest)
    if not np.isfinite(values.min(initial=0)):
        finite &= np.isfinite(values.min(axis=1))
    # Among the classes that score at least as much as the label are the label itself and, if it is another, the top
    # class. Only where there are still others must the scores be looked at again.
    n_at_least = _count_rows(values >= own[:, None])
    is_top = top1 == labels
    n_before, tied = np.where(is_top, 0, n_at_least - 1), (highest == own) & (n_at_least > 1)
    left = np.flatnonzero(~is_top & (n_at_least > 2))
    some = values.take(left, axis=0)
    tied[left] = _count_rows(some == highest[left, None]) > 1
    n_before[left] = _count_rows(some > own[left, None])
    for row in left[n_at_least[left] - n_before[left] > 1]:
        n_before[row] += np.count_nonzero(values[row, : labels[row]] == own[row])
    level = n_at_least == n_classes
    level[level] = values[level].min(axis=1) == highest[level]
    return LogitRanks(top1, n_before, tied, finite, level)


def _count_rows(truths: npt.NDArray[np.bool_]) -> npt.NDArray[np.intp]:
    """(r,) how many of each row are true."""
    n_rows, n_columns = truths.shape
    if n_columns % _N_LANES or n_columns > _N_LANES * _MAX_LANE:
        counts: npt.NDArray[np.intp] = np.count_nonzero(truths, axis=1)
    else:
        lanes = np.add.reduce(truths.view(np.uint64), axis=1, dtype=np.uint64)
        counts = lanes.view(np.uint8).reshape(n_rows, _N_LANES).sum(axis=1, dtype=np.intp)
    return counts
