"""The accuracies of very many models at once, with nothing counted that they do not need."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import refuse_below
from regrade.grading.judged import NO_MATCH, ClassIds, JudgedPairs
from regrade.grading.keys import AnswerKey
from regrade.grading.means import class_means, item_means
from regrade.grading.sheets import pairs_side_by_side
from regrade.grading.tallies import read_rows, tally
from regrade.records.predictions import NO_CLASS

_N_LANES = 8
"""Truth values are added eight at a time, in the bytes of 64-bit numbers."""
_MAX_LANE = 255
_N_PLACES = 2**20
"""So many places are marked at once: fewer, and the threads wait for each other more often than it helps."""
_N_THREADS = 2


class MeanAccuracies(NamedTuple):
    """Both means of m models, 0 worst and 1 best; NaN where undefined."""

    class_means: npt.NDArray[np.float64]
    """(m,) as `class_means` gives them."""
    item_means: npt.NDArray[np.float64]
    """(m,) as `item_means` gives them."""


def mean_accuracies(top1: npt.ArrayLike, key: AnswerKey) -> MeanAccuracies:
    """Give the class means and item means of very many models, which is faster than counting each class's items.

    Items of classes with equally many graded items weigh alike in the class mean, so they are counted together.

    Args:
        top1: (m, n) top-1 class of each model on each item of the split, NO_CLASS where there is none; may be
            memory-mapped. Fastest in 16 bits. Ties are for the caller to settle, for the lowest class id.
        key: The labels and the policy.

    Returns:
        What `class_means` and `item_means` give for the `tally`, but for the last bit. An item without a prediction is
        left out; a model that has such items is counted class by class.

    Raises:
        InputError: The rows are not as long as the split, or hold no class ids.
    """
    rows = read_rows(top1, len(key.ranked_labels))
    form = _lay_out(key)
    n_models = max(1, min(len(rows), _N_PLACES // max(1, len(form.columns))))
    others = pairs_side_by_side(form.others, len(form.columns), n_models)
    counts = np.empty((len(rows), len(form.starts)), np.int64)
    is_complete = np.empty(len(rows), np.bool_)

    def count(start: int) -> None:
        block = slice(start, start + n_models)
        tops = rows[block].take(form.columns, axis=1)
        lowest = tops.min(initial=0)
        refuse_below(tops, "top1", NO_CLASS, found=lowest)
        is_complete[block] = True if lowest > NO_CLASS else (tops != NO_CLASS).all(axis=1)
        counts[block] = form.count(tops, others)

    with ThreadPoolExecutor(_N_THREADS) as pool:
        list(pool.map(count, range(0, len(rows), n_models)))
    means = form.means(counts)
    for model in np.flatnonzero(~is_complete):
        right = tally(rows[model, None], key).right
        means.class_means[model], means.item_means[model] = class_means(right)[0], item_means(right)[0]
    return means


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """The graded items in an order in which those that weigh alike stand together.

    They stand in p *places*, in s groups that begin at a multiple of eight; a place that is left over is never right.
    """

    columns: npt.NDArray[np.intp]
    """(p,) position of the item of each place."""
    expected: ClassIds
    """(p,) the original class where it is accepted, else NO_MATCH."""
    others: JudgedPairs
    """The accepted pairs of another class than `expected`, by place."""
    starts: npt.NDArray[np.intp]
    """(s,) where each group begins, in eights."""
    class_sizes: npt.NDArray[np.int64]
    """(s,) graded items of each class whose items are in the group; 0: they have no original class."""
    n_graded: int
    n_classes: int
    """Classes with a graded item."""

    def count(self, tops: ClassIds, others: JudgedPairs) -> npt.NDArray[np.int64]:
        """(b, s) right items of each group.

        Args:
            tops: (b, p) top-1 classes.
            others: `self.others` for b models or more, side by side.
        """
        right = tops == self.expected
        n = len(self.others) * len(tops)
        hit = np.flatnonzero(tops.ravel().take(others.at[:n]) == others.classes[:n])
        right.ravel()[others.at.take(hit)] = True
        if right.size == 0:
            return np.zeros((len(tops), len(self.starts)), np.int64)
        lanes = np.add.reduceat(right.view(np.uint64), self.starts, axis=1)
        counts: npt.NDArray[np.int64] = lanes.view(np.uint8).reshape(*lanes.shape, _N_LANES).sum(axis=2, dtype=np.int64)
        return counts

    def means(self, counts: npt.NDArray[np.int64]) -> MeanAccuracies:
        """Both means.

        Args:
            counts: (m, s) right items of each group.
        """
        sizes, first = np.unique(self.class_sizes, return_index=True)
        alike = np.add.reduceat(counts, first, axis=1) if len(first) else counts
        shares = alike[:, sizes > 0] / sizes[sizes > 0]
        return MeanAccuracies(_divide(shares.sum(axis=1), self.n_classes), _divide(counts.sum(axis=1), self.n_graded))


def _lay_out(key: AnswerKey) -> _Form:
    sizes = np.where(key.original == key.n_classes, 0, key.class_sizes[key.original])
    order = np.argsort(sizes, kind="stable")
    groups = list(_group(sizes[order]))
    widths = [-(-(group.stop - group.start) // _N_LANES) for group in groups]
    starts = np.cumsum([0, *widths])
    places = np.empty(len(order), np.intp)
    for group, start in zip(groups, starts * _N_LANES, strict=False):
        places[order[group]] = start + np.arange(group.stop - group.start)
    columns = np.full(starts[-1] * _N_LANES, key.items[0] if len(key.items) else 0)
    expected = np.full(len(columns), NO_MATCH, key.expected.dtype)
    columns[places], expected[places] = key.items, key.expected
    return _Form(
        columns,
        expected,
        others=JudgedPairs(places[key.others.at], key.others.classes, key.others.codes),
        starts=starts[:-1],
        class_sizes=np.array([sizes[order[group.start]] for group in groups], np.int64),
        n_graded=len(key.items),
        n_classes=int(np.count_nonzero(key.class_sizes[:-1])),
    )


def _group(sizes: npt.NDArray[np.int64]) -> Iterator[slice]:
    """Ranges of equal values, none longer than eight lanes can count."""
    ends = np.append(np.flatnonzero(np.diff(sizes)) + 1, len(sizes))
    start = 0
    for end in ends.tolist():
        while start < end:
            stop = min(end, start + _N_LANES * _MAX_LANE)
            yield slice(start, stop)
            start = stop


def _divide(values: npt.NDArray[np.number], n: int) -> npt.NDArray[np.float64]:
    return np.asarray(values / n, np.float64) if n else np.full(len(values), np.nan)
