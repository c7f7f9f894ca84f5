"""Top-1 class and rank of the label from the scores of all classes, a block of rows at a time.

Nothing is sorted: the highest score of each row is struck out, and the next one looked for. What one block gives never
depends on another, so blocks may come in any order; a block should fit the cache.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.grades import make_grade, tally_predictions
from regrade.grading.judged import class_dtype
from regrade.grading.keys import AnswerKey
from regrade.grading.ranks import N_TOP, join_ranks, score_top_k
from regrade.records.grades import Grade
from regrade.records.metrics import Figure
from regrade.records.predictions import Predictions


class LogitRanks(NamedTuple):
    """What is known of r rows of scores. Of a row that is not finite, nothing else means anything."""

    top1: npt.NDArray[np.intp]
    """(r,) class of the highest score; of equal ones the lowest class id."""
    n_before: npt.NDArray[np.intp]
    """(r,) classes that come before the label: with a higher score, or an equal one and a lower id; 5 stands for more."""
    tied: npt.NDArray[np.bool_]
    """(r,) whether the highest score is shared."""
    finite: npt.NDArray[np.bool_]
    """(r,) whether all scores are finite numbers."""
    level: npt.NDArray[np.bool_]
    """(r,) whether there are several classes, and all scores are equal."""


class LogitSheet:
    """One model's scores as they come in, and in the end its grade: the same as that of the ranked classes."""

    def __init__(self, key: AnswerKey) -> None:
        n_items = len(key.ranked_labels)
        self._key = key
        self._labels = np.maximum(key.ranked_labels, 0).astype(np.intp)  # a row without a label is ranked, not counted
        self._top1 = np.zeros((n_items, 1), class_dtype(key.n_classes))
        self._in_top5 = np.zeros(n_items, np.bool_)
        self._tied = np.zeros(n_items, np.bool_)
        self._is_bad = np.zeros(n_items, np.bool_)

    @property
    def has_bad_rows(self) -> bool:
        """Whether a row is not finite, or the same for every class: no class can be told from it."""
        return bool(self._is_bad.any())

    def add(self, start: int, values: npt.NDArray[np.floating], *, overwrite: bool = False) -> None:
        """Take in the scores of some items.

        Args:
            start: Position of the first one in the split.
            values: (r, C) their scores, as `rank_labels` takes them.
            overwrite: As in `rank_labels`.
        """
        rows = slice(start, start + len(values))
        ranked = rank_labels(values, self._labels[rows], overwrite=overwrite)
        self._top1[rows, 0] = ranked.top1
        self._in_top5[rows] = ranked.n_before < N_TOP
        self._tied[rows] = ranked.tied
        self._is_bad[rows] = ~ranked.finite | ranked.level

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


def rank_labels(
    values: npt.NDArray[np.floating], labels: npt.NDArray[np.integer], *, overwrite: bool = False
) -> LogitRanks:
    """Find the top-1 class of each row and the rank of its label.

    Args:
        values: (r, C) scores of all classes (logits or probabilities), C >= 1, float32 or float64.
        labels: (r,) class id of each row, 0..C-1.
        overwrite: Whether the scores may be destroyed, which spares a copy where rows stand one after the other.

    Returns:
        Aligned arrays; empty for no rows.

    >>> ranks = rank_labels(np.array([[0.1, 0.7, 0.7], [0.5, 0.2, 0.3]]), np.array([2, 1]))
    >>> ranks.top1.tolist(), ranks.n_before.tolist(), ranks.tied.tolist()
    ([1, 0], [1, 2], [True, False])
    """
    if not (overwrite and values.flags.carray):
        values = np.array(values, order="C")
    # One pass over everything tells whether rows must be looked at for minus infinity; NaN and infinity come out first.
    bounded = np.isfinite(values.min(initial=0)) or np.isfinite(values.min(axis=1))
    row_starts = np.arange(0, values.size, values.shape[1])
    top1, highest = _strike_out(values, row_starts)
    second, next_highest = _strike_out(values, row_starts)
    tied = highest == next_highest
    level = tied.copy()
    if tied.any():
        level[tied] = np.sum(values[tied] == highest[tied, None], axis=1) == values.shape[1] - 2
    n_before = np.where(top1 == labels, 0, np.where(second == labels, 1, N_TOP))
    # Most labels have been found: only the other rows are looked at again.
    left = np.flatnonzero(n_before == N_TOP)
    some, sought, row_starts = values.take(left, axis=0), labels.take(left), row_starts[: len(left)]
    for place in range(2, min(N_TOP, values.shape[1])):
        n_before[left[_strike_out(some, row_starts).classes == sought]] = place
    return LogitRanks(top1, n_before, tied, np.isfinite(highest) & bounded, level)


class _Struck(NamedTuple):
    """What stood highest in each row."""

    classes: npt.NDArray[np.intp]
    """(r,) the lowest class id of those with the highest score."""
    scores: npt.NDArray[np.floating]
    """(r,) that score."""


def _strike_out(values: npt.NDArray[np.floating], row_starts: npt.NDArray[np.intp]) -> _Struck:
    """Find the highest score of each row, and put minus infinity in its place."""
    classes, flat = values.argmax(axis=1), values.reshape(-1)
    places = classes + row_starts
    struck = _Struck(classes, flat[places])
    flat[places] = -np.inf
    return struck
