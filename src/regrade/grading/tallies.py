"""Tallies: what the figures of many models are made of, counted by original class.

A tally adds up: that of all items is that of some plus that of the rest. So after a change of the labels only the items
that changed are counted again (`retally`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.arrays import read_integers
from regrade.grading.judged import ClassIds
from regrade.grading.keys import AnswerKey
from regrade.grading.sheets import MarkingSheet, find_missing
from regrade.records.labels import Verdict

_N_PLACES = 2**17
"""Models are marked side by side while they have at most so many graded items together: such arrays fit the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class RightCounts:
    """Graded and right items of m models (or of m groups of items) by original class, the last column for none."""

    n_graded: npt.NDArray[np.integer]
    """(m, C + 1) items that the policy grades and that have a prediction."""
    n_right: npt.NDArray[np.integer]
    """(m, C + 1) those whose top-1 class is accepted."""


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The counts that grades of m models are made of, by original class; the last column is for items without one."""

    n_graded: npt.NDArray[np.integer]
    """(m, C + 1) items that the policy grades and that have a prediction."""
    n_right: npt.NDArray[np.integer]
    """(m, C + 1) those whose top-1 class is accepted."""
    n_unreviewed: npt.NDArray[np.integer]
    """(m, C + 1) those whose top-1 class nobody ever judged on that item, and that are wrong therefore."""
    n_judged_wrong: npt.NDArray[np.integer]
    """(m,) those whose top-1 class is marked wrong."""
    n_unclear_rejected: npt.NDArray[np.integer]
    """(m,) those whose top-1 class is marked unclear, where unclear is not accepted."""
    n_missing: npt.NDArray[np.integer]
    """(m,) items that the policy would grade but that have no prediction."""

    def __len__(self) -> int:
        return len(self.n_graded)

    @property
    def right(self) -> RightCounts:
        """The part that accuracies need."""
        return RightCounts(self.n_graded, self.n_right)

    def rows(self, models: slice) -> Tally:
        """Some of the models."""
        return Tally(**{field.name: getattr(self, field.name)[models] for field in fields(self)})


def tally(
    top1: npt.ArrayLike, key: AnswerKey, *, columns: npt.ArrayLike | None = None, missing_is_right: bool = False
) -> Tally:
    """Count everything that the grades of many models are made of.

    Args:
        top1: (m, n) top-1 class of each model on each item of the split, NO_CLASS where there is none; may be
            memory-mapped. Ties are for the caller to settle, for the lowest class id.
        key: The labels and the policy.
        columns: (c,) the positions that the columns of `top1` stand for, ascending; all that the key grades must be
            among them. None: every item of the split.
        missing_is_right: Whether an item without a prediction counts as right (a source that names only mistakes), or
            is left out and counted.

    Returns:
        Counts, all 0 where no item is graded.

    Raises:
        InputError: The rows are not as long as the split (or `columns`), or hold no class ids; or an item that the key
            grades is not there.
    """
    at = None if columns is None else read_integers(columns, "columns", ("c",))
    tops_of_all = read_rows(top1, len(key.ranked_labels) if at is None else len(at))
    n_models = len(tops_of_all)
    counts = replace(no_counts(n_models, key), n_graded=_start(n_models, key), n_right=_start(n_models, key))
    for rows, sheet, tops in _blocks(tops_of_all, key, at):
        _tally_block(counts.rows(rows), sheet, tops, missing_is_right=missing_is_right)
    return counts


def _tally_block(counts: Tally, sheet: MarkingSheet, tops: ClassIds, *, missing_is_right: bool) -> None:
    """Take the wrong places of a block out of what starts as all right."""
    n_models, n_graded = tops.shape
    wrong = np.flatnonzero(sheet.find_wrong(tops))
    missing = find_missing(tops, wrong)
    n_wrong = sheet.count(wrong, n_models)
    if len(missing):
        n_absent = sheet.count(missing, n_models)
        n_wrong -= n_absent
        if not missing_is_right:
            counts.n_graded[:] -= n_absent
            counts.n_right[:] -= n_absent
            counts.n_missing[:] = n_absent.sum(axis=1)
    counts.n_right[:] -= n_wrong
    rejected, codes = sheet.find_rejected(tops)
    counts.n_unreviewed[:] = n_wrong - sheet.count(rejected, n_models)
    models = rejected // max(n_graded, 1)
    for verdict, n_of_model in ((Verdict.WRONG, counts.n_judged_wrong), (Verdict.UNCLEAR, counts.n_unclear_rejected)):
        n_of_model[:] = np.bincount(models[codes == verdict.code], minlength=n_models)


def retally(
    before: Tally,
    top1: npt.ArrayLike,
    columns: npt.ArrayLike,
    *,
    old: AnswerKey,
    new: AnswerKey,
    missing_is_right: bool = False,
) -> Tally:
    """Bring tallies up to date after a change of the labels, by looking at the changed items alone.

    Args:
        before: The tallies of m models under the old labels.
        top1: (m, c) their top-1 classes on the changed items, NO_CLASS where there is none.
        columns: (c,) positions of the changed items, ascending: all whose verdicts, label or `problematic` differ.
        old: The old labels under the policy, prepared for these items alone (`prepare_key` with `only`).
        new: The new labels, likewise.
        missing_is_right: As it was for `before`.

    Returns:
        What `tally` gives for the whole split under the new labels; counts that have not changed are `before`'s arrays.

    Raises:
        InputError: The rows are not as long as `columns`, or hold no class ids; or an item that a key grades is not
            among them.
    """
    # Only the columns of classes that have a changed item are counted, taken out and put in again.
    classes = np.union1d(old.original, new.original)
    then, now = (
        tally(top1, _narrow(key, classes), columns=columns, missing_is_right=missing_is_right) for key in (old, new)
    )
    after: dict[str, npt.NDArray[Any]] = {}
    for field in fields(Tally):
        counts, change = getattr(before, field.name), getattr(now, field.name) - getattr(then, field.name)
        if change.any():
            counts = counts.copy()
            counts[..., classes if counts.ndim > 1 else slice(None)] += change
        after[field.name] = counts
    return Tally(**after)


def _narrow(key: AnswerKey, classes: npt.NDArray[np.intp]) -> AnswerKey:
    """The key with only some columns to count in: those of these original classes, C standing for none."""
    original = np.searchsorted(classes, key.original)
    return replace(key, n_classes=len(classes) - 1, original=original, class_sizes=key.class_sizes[classes])


def read_rows(top1: npt.ArrayLike, n_columns: int) -> ClassIds:
    """Top-1 classes with one row a model, and in each one column an item.

    The ids are not looked at here: that would take longer than much that is done with them.

    Raises:
        InputError: They are not.
    """
    return read_integers(top1, "top1", ("models", n_columns))


def no_counts(n_models: int, key: AnswerKey) -> Tally:
    """The tally of m models of which nothing is graded."""
    by_class = n_models, key.n_classes + 1
    return Tally(
        n_graded=np.zeros(by_class, np.int32),
        n_right=np.zeros(by_class, np.int32),
        n_unreviewed=np.zeros(by_class, np.int32),
        n_judged_wrong=np.zeros(n_models, np.int64),
        n_unclear_rejected=np.zeros(n_models, np.int64),
        n_missing=np.zeros(n_models, np.int64),
    )


def _start(n_models: int, key: AnswerKey) -> npt.NDArray[np.int32]:
    """(m, C + 1) every graded item, once a model."""
    return np.tile(key.class_sizes.astype(np.int32), (n_models, 1))


def _blocks(
    top1: ClassIds, key: AnswerKey, columns: npt.NDArray[np.integer] | None
) -> Iterator[tuple[slice, MarkingSheet, ClassIds]]:
    """A few models at a time: which ones, the sheet to mark them on, and their (b, g) classes at the graded items."""
    at = _find_columns(key, columns)
    n_places = len(key.items) + len(key.others) + len(key.rejected)
    n_models = max(1, min(len(top1), _N_PLACES // max(1, n_places)))
    sheet = MarkingSheet(key, n_models)
    for start in range(0, len(top1), n_models):
        rows = slice(start, min(start + n_models, len(top1)))
        block = top1[rows]
        yield rows, sheet, block if len(at) == block.shape[1] else block.take(at, axis=1)


def _find_columns(key: AnswerKey, columns: npt.NDArray[np.integer] | None) -> npt.NDArray[np.intp]:
    """Where the graded items stand in the rows."""
    if columns is None:
        return key.items
    at = np.searchsorted(columns, key.items)
    if len(key.items) and (at[-1] == len(columns) or not np.array_equal(columns[at], key.items)):
        raise InputError(
            "columns that hold every graded item",
            got="graded items that are none of them",
            where="columns",
            remedy="Prepare the key for these items alone, and give the columns in ascending order.",
        )
    return at
