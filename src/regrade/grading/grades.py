"""Grade models by an answer key."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.intervals import class_mean_interval, wilson_interval
from regrade.grading.keys import AnswerKey
from regrade.grading.marking import Marks, mark
from regrade.grading.ranks import score_ranks
from regrade.records.grades import UNREVIEWED_CODE, Grade
from regrade.records.labels import Verdict
from regrade.records.predictions import Predictions


class _Mean(NamedTuple):
    """A mean with its 95 % interval; None is undefined, with the reason in `notes`."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    notes: tuple[str, ...] = ()


def grade_all(predictions: Iterable[Predictions], key: AnswerKey) -> Iterator[Grade]:
    """Grade models one after the other, so that one at a time need be in memory.

    Args:
        predictions: The models' predictions for the key's split; may be empty.
        key: The labels and the policy.

    Yields:
        What `grade` gives for each, in their order.
    """
    for model in predictions:
        yield grade(model, key)


def grade(predictions: Predictions, key: AnswerKey) -> Grade:
    """Grade one model.

    Args:
        predictions: One model's predictions for the key's split; class ids below C, none twice in a row.
        key: The labels and the policy.

    Returns:
        Counts and accuracies, 0 worst and 1 best. A graded item without a prediction is left out and counted, except
        where the source names only mistakes: there it is right. What is undefined (no graded item, no class mean under
        the policy, too few ranks) is None with the reason in `notes`; so is everything, with nothing graded, for a
        source that the policy cannot grade. Ties were settled when the predictions were read and are only passed on.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    marks = mark(predictions, key)
    ranks = score_ranks(predictions, key)
    n_graded = len(key.items) - len(marks.left_out)
    item_mean = _item_mean(n_graded - len(marks.wrong), n_graded)
    class_mean = _class_mean(marks, key) if key.rubric.headline == "class mean" else _Mean()
    headline = class_mean if key.rubric.headline == "class mean" else item_mean
    return Grade(
        model=predictions.model,
        labels=key.labels,
        policy=key.policy,
        slice=key.slice,
        n_items=ranks.n_items,
        n_graded=n_graded,
        n_problematic=key.rubric.n_problematic,
        top1_accuracy=ranks.top1_accuracy,
        top5_accuracy=ranks.top5_accuracy,
        multilabel_accuracy=class_mean.value,
        item_accuracy=item_mean.value,
        multilabel_ci_low=class_mean.low,
        multilabel_ci_high=class_mean.high,
        item_ci_low=item_mean.low,
        item_ci_high=item_mean.high,
        ci_low=headline.low,
        ci_high=headline.high,
        n_mistakes=len(marks.wrong),
        n_judged_wrong=int(np.count_nonzero(marks.codes == Verdict.WRONG.code)),
        n_unclear_rejected=int(np.count_nonzero(marks.codes == Verdict.UNCLEAR.code)),
        n_unreviewed=int(np.count_nonzero(marks.codes == UNREVIEWED_CODE)),
        n_missing=marks.n_missing,
        n_ties=predictions.n_ties,
        notes=(*key.notes, *marks.notes, *ranks.notes, *item_mean.notes, *class_mean.notes),
    )


def _item_mean(n_right: int, n_graded: int) -> _Mean:
    share = n_right / n_graded if n_graded else math.nan
    interval = wilson_interval(share, n_graded)
    if interval is None:
        return _Mean(notes=("item_accuracy is undefined: no item is graded.",))
    return _Mean(share, *interval)


def _class_mean(marks: Marks, key: AnswerKey) -> _Mean:
    n_graded = key.class_sizes - _count_classes(marks.left_out, key)
    n_right = n_graded - _count_classes(marks.wrong, key)
    interval = class_mean_interval(n_right, n_graded)
    if interval is None:
        return _Mean(notes=("multilabel_accuracy is undefined: no graded item has an original label.",))
    present = n_graded > 0
    return _Mean(float((n_right[present] / n_graded[present]).mean()), *interval)


def _count_classes(at: npt.NDArray[np.intp], key: AnswerKey) -> npt.NDArray[np.int64]:
    """(C,) how many of those graded items have each original class."""
    return np.bincount(key.original[at], minlength=key.n_classes + 1)[:-1]
