"""Grade models by an answer key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from regrade.grading.keys import AnswerKey
from regrade.grading.marking import check_predictions, marking_notes, why_ungraded
from regrade.grading.means import Mean, class_mean, item_mean
from regrade.grading.metrics.unreviewed import accuracy_bounds, unreviewed_shares
from regrade.grading.ranks import RankScores, score_ranks
from regrade.grading.tallies import Tally, no_counts, tally
from regrade.records.grades import Grade
from regrade.records.predictions import Predictions

_NO_CLASS = "multilabel_accuracy is undefined: no graded item has an original label."


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
    return make_grade(predictions, key, tally_predictions(predictions, key), score_ranks(predictions, key))


def tally_predictions(predictions: Predictions, key: AnswerKey) -> Tally:
    """Count one model, as `tally` does; a source that the policy cannot grade has nothing graded.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    check_predictions(predictions, key)
    top1 = predictions.classes[:, 0]
    if why_ungraded(predictions, key):
        return no_counts(1, key)
    return tally(top1[None], key, missing_is_right=predictions.only_mistakes)


def make_grade(predictions: Predictions, key: AnswerKey, counts: Tally, ranks: RankScores) -> Grade:
    """Put a grade together.

    Args:
        predictions: Whose grade it is.
        key: What they were counted by.
        counts: Of this one model.
        ranks: Its top-1 and top-5.
    """
    n_graded, n_right, n_unreviewed = counts.n_graded[0], counts.n_right[0], counts.n_unreviewed[0]
    by_class = key.rubric.headline == "class mean"
    of_items = item_mean(int(n_right.sum()), int(n_graded.sum()))
    of_classes = class_mean(n_right, n_graded) if by_class else Mean()
    bounds, unreviewed = accuracy_bounds(counts), unreviewed_shares(counts)
    headline = of_classes if by_class else of_items
    return Grade(
        model=predictions.model,
        labels=key.labels,
        policy=key.policy,
        slice=key.slice,
        n_items=ranks.n_items,
        n_graded=int(n_graded.sum()),
        n_problematic=key.rubric.n_problematic,
        top1_accuracy=ranks.top1_accuracy,
        top5_accuracy=ranks.top5_accuracy,
        multilabel_accuracy=of_classes.value,
        item_accuracy=of_items.value,
        multilabel_ci_low=of_classes.low,
        multilabel_ci_high=of_classes.high,
        item_ci_low=of_items.low,
        item_ci_high=of_items.high,
        ci_low=headline.low,
        ci_high=headline.high,
        n_mistakes=int(n_graded.sum() - n_right.sum()),
        n_judged_wrong=int(counts.n_judged_wrong[0]),
        n_unclear_rejected=int(counts.n_unclear_rejected[0]),
        n_unreviewed=int(n_unreviewed.sum()),
        n_missing=int(counts.n_missing[0]),
        n_ties=predictions.n_ties,
        unreviewed_share=_defined(unreviewed),
        multilabel_accuracy_min=_defined(bounds.class_mean_min) if by_class else None,
        multilabel_accuracy_max=_defined(bounds.class_mean_max) if by_class else None,
        item_accuracy_min=_defined(bounds.item_mean_min),
        item_accuracy_max=_defined(bounds.item_mean_max),
        notes=(
            *key.notes,
            *marking_notes(predictions, key, int(counts.n_missing[0])),
            *ranks.notes,
            *(("item_accuracy is undefined: no item is graded.",) if of_items.value is None else ()),
            *((_NO_CLASS,) if by_class and of_classes.value is None else ()),
            *(("unreviewed_share is undefined: no mistake is graded.",) if np.isnan(unreviewed[0]) else ()),
        ),
    )


def _defined(values: npt.NDArray[np.float64]) -> float | None:
    """The value of the one model; None where it is undefined."""
    return None if np.isnan(values[0]) else float(values[0])
