"""The best two classes and the rank of the label from the scores of all classes, a block of rows at a time.

Nothing is sorted: the highest score of each row is struck out, and the next one looked for. What one block gives never
depends on another, so blocks may come in any order and from several threads; a block should fit the cache.
"""

from __future__ import annotations

import math
import threading
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.arrays import read_integers, read_scores
from regrade.grading.grades import make_grade, tally_predictions
from regrade.grading.keys import AnswerKey
from regrade.grading.ranks import N_TOP, join_ranks, score_top_k
from regrade.records.grades import Grade
from regrade.records.metrics import Figure
from regrade.records.predictions import Predictions

_CACHE_BYTES = 1 << 20
"""So much stays in the cache of one core while it is worked on."""


class LogitRanks(NamedTuple):
    """What is known of r rows of scores. Of a row that is not finite, nothing else means anything."""

    best: npt.NDArray[np.intp]
    """(2, r) class of the highest score, and of the next; of equal ones the lowest class id comes first."""
    scores: npt.NDArray[np.floating]
    """(2, r) their scores; the first is not finite where the row holds NaN or infinity of either sign."""
    in_top5: npt.NDArray[np.bool_]
    """(r,) whether fewer than five classes have a higher score than the label, or an equal one and a lower id."""
    level: npt.NDArray[np.bool_]
    """(r,) whether there are several classes, and all scores are equal."""

    @classmethod
    def empty(cls, n_rows: int) -> LogitRanks:
        """Room for r rows."""
        pairs = 2, n_rows
        return cls(np.zeros(pairs, np.intp), np.zeros(pairs), np.zeros(n_rows, np.bool_), np.zeros(n_rows, np.bool_))

    @property
    def tied(self) -> npt.NDArray[np.bool_]:
        """(r,) whether the highest score is shared."""
        tied: npt.NDArray[np.bool_] = self.scores[0] == self.scores[1]
        return tied

    @property
    def finite(self) -> npt.NDArray[np.bool_]:
        """(r,) whether all scores are finite numbers."""
        finite: npt.NDArray[np.bool_] = np.isfinite(self.scores[0])
        return finite

    def rows(self, chosen: slice) -> LogitRanks:
        """Some of the rows, in the same memory."""
        return LogitRanks(self.best[:, chosen], self.scores[:, chosen], self.in_top5[chosen], self.level[chosen])


class LogitSheet:
    """One model's scores as they come in, and in the end its grade: the same as that of the ranked classes."""

    def __init__(self, key: AnswerKey) -> None:
        self._key = key
        self._labels = np.maximum(key.ranked_labels, 0).astype(np.intp)  # a row without a label is ranked, not counted
        self._ranks = LogitRanks.empty(len(self._labels))
        self._rooms = threading.local()

    @property
    def has_bad_rows(self) -> bool:
        """Whether a row is not finite, or the same for every class: no class can be told from it."""
        return not self._ranks.finite.all() or bool(self._ranks.level.any())

    def add(self, start: int, values: npt.ArrayLike, *, overwrite: bool = False) -> None:
        """Take in the scores of some items; two calls may run at once, for different items.

        Args:
            start: Position of the first one in the split.
            values: (r, C) their scores, as `rank_labels` takes them.
            overwrite: As in `rank_labels`.

        Raises:
            InputError: The scores are of another type or shape, or of more items than the split has.
        """
        scores = read_scores(values, "values", ("r", self._key.n_classes))
        stop, n_items = start + len(scores), len(self._labels)
        if not 0 <= start <= stop <= n_items:
            raise InputError(
                f"scores of items 0 to {n_items - 1}", got=f"{len(scores)} from {start} on", where="values"
            )
        rows = slice(start, stop)
        room = self._room(scores)
        _rank(scores, self._labels[rows], overwrite=overwrite, found=self._ranks.rows(rows), room=room)

    def _room(self, values: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """Memory of this thread's as large as the scores: the system takes longer to give it than it is worked on."""
        room: npt.NDArray[np.floating] | None = getattr(self._rooms, "room", None)
        if room is None or len(room) < len(values) or room.dtype != values.dtype:
            room = self._rooms.room = np.empty(values.shape, values.dtype)
        return room

    def grade(self, model: str) -> Grade:
        """The grade of all items, once they are all in; what `grading.grade` gives for the ranked classes.

        Args:
            model: Name of the model.
        """
        key, ranks = self._key, self._ranks
        top1 = ranks.best[0, :, None].astype(np.int32)
        n_ties = int(np.count_nonzero(ranks.tied))
        predictions = Predictions(model, key.split, "model", key.n_classes, top1, None, "none", n_ties=n_ties)
        first = score_top_k(predictions, key, 1)
        n_top5 = int(np.count_nonzero(ranks.in_top5 & (key.ranked_labels >= 0)))
        five = first if first.value is None else Figure(n_top5 / first.n, first.n)
        return make_grade(predictions, key, tally_predictions(predictions, key), join_ranks(first, five))


def rank_labels(
    values: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    overwrite: bool = False,
) -> LogitRanks:
    """Find the best two classes of each row, and whether its label is among the first five.

    Args:
        values: (r, C) scores of all classes (logits or probabilities), C >= 1, float32 or float64.
        labels: (r,) class id of each row, 0..C-1.
        overwrite: Whether the scores may be destroyed, which spares a copy where rows stand one after the other.

    Returns:
        Aligned arrays; empty for no rows. Where there is one class, the second best means nothing.

    Raises:
        InputError: The scores or the labels are of another type or shape, or a label is none of the classes.

    >>> ranks = rank_labels(np.array([[0.1, 0.7, 0.7], [0.5, 0.2, 0.3]]), np.array([2, 1]))
    >>> ranks.best.T.tolist(), ranks.tied.tolist(), ranks.in_top5.tolist()
    ([[1, 2], [0, 2]], [True, False], [True, True])
    """
    scores = read_scores(values, "values")
    if not scores.shape[1]:
        raise InputError("scores of one class or more", got=f"shape {scores.shape}", where="values")
    of_rows = read_integers(labels, "labels", scores.shape[:1], lowest=0, n=scores.shape[1])
    found = LogitRanks.empty(len(scores))
    _rank(scores, of_rows, overwrite=overwrite, found=found, room=np.empty(scores.shape, scores.dtype))
    return found


def _rank(
    values: npt.NDArray[np.floating],
    labels: npt.NDArray[np.integer],
    *,
    overwrite: bool,
    found: LogitRanks,
    room: npt.NDArray[np.floating],
) -> None:
    """What `rank_labels` does, of arrays that have been checked; `room` is as long, or longer, and of their type."""
    if not (overwrite and values.flags.carray):
        values = np.array(values, order="C")
    unbounded = _find_best_two(values, found)
    tied = found.tied
    if tied.any():
        others = values[tied]
        found.level[tied] = np.sum(others == found.scores[0, tied, None], axis=1) == values.shape[1] - 2
    found.in_top5[:] = _seek_labels(values, labels, found.best, room)
    found.scores[0, unbounded] = np.nan


def _find_best_two(values: npt.NDArray[np.floating], found: LogitRanks) -> list[int]:
    """Strike out the two highest scores of each row; return the rows that hold minus infinity."""
    n_rows = max(1, _CACHE_BYTES // (values.itemsize * values.shape[1]))
    firsts = _first_places(min(n_rows, len(values)), values.shape[1])
    unbounded: list[int] = []
    for start in range(0, len(values), n_rows):
        block = values[start : start + n_rows]
        # One pass over everything tells whether rows must be looked at; NaN and infinity come out best.
        if not math.isfinite(block.min()):
            unbounded += (np.flatnonzero(~np.isfinite(block.min(axis=1))) + start).tolist()
        of_block = slice(start, start + len(block))
        for classes, scores in zip(found.best, found.scores, strict=True):
            scores[of_block] = _strike_out(block, firsts[: len(block)], classes[of_block])
    return unbounded


def _seek_labels(
    values: npt.NDArray[np.floating],
    labels: npt.NDArray[np.integer],
    best: npt.NDArray[np.intp],
    room: npt.NDArray[np.floating],
) -> npt.NDArray[np.bool_]:
    """(r,) whether the label is one of the best two, which have been struck out, or of the next three."""
    seen: npt.NDArray[np.bool_] = (best[0] == labels) | (best[1] == labels)
    left = np.flatnonzero(~seen)  # for most rows there is no need to look any further
    # With "clip" NumPy writes in place; places out of bounds, which it is for, there are none.
    some = values.take(left, axis=0, out=room[: len(left)], mode="clip")
    firsts, sought, classes = _first_places(*some.shape), labels[left], np.empty(len(left), np.intp)
    for _ in range(2, min(N_TOP, values.shape[1])):
        _strike_out(some, firsts, classes)
        seen[left] |= classes == sought
    return seen


def _first_places(n_rows: int, n_classes: int) -> npt.NDArray[np.intp]:
    """(n_rows,) places of the first score of each row, of all scores one after the other."""
    return np.arange(0, n_rows * n_classes, n_classes, dtype=np.intp)


def _strike_out(
    values: npt.NDArray[np.floating], firsts: npt.NDArray[np.intp], classes: npt.NDArray[np.intp]
) -> npt.NDArray[np.floating]:
    """Put minus infinity in the place of each row's highest score, the class into `classes`, and return the score."""
    flat = values.reshape(-1)
    places = values.argmax(axis=1, out=classes) + firsts
    highest: npt.NDArray[np.floating] = flat[places]
    flat[places] = -np.inf
    return highest
