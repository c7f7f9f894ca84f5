"""Top-1 and top-5 accuracy against the original label, whatever the policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.grading.keys import NO_MATCH, AnswerKey
from regrade.records.predictions import NO_CLASS, Predictions

N_TOP = 5


@dataclass(frozen=True, slots=True)
class RankScores:
    """Accuracies against the original label; None is undefined, with the reason in `notes`."""

    n_items: int | None
    """Items with an original label and a prediction; None where the source names only mistakes."""
    top1_accuracy: float | None
    top5_accuracy: float | None
    notes: tuple[str, ...]


def score_ranks(predictions: Predictions, key: AnswerKey) -> RankScores:
    """Count how often the original label is the first class, and one of the first five.

    Args:
        predictions: Predictions that belong to the key's split and classes.
        key: Says which label counts for which item.

    Returns:
        Shares over the items that have a label and a prediction. Both are None where there is no such item. Top-5 is
        None where a prediction has fewer than five ranks, unless there are fewer than five classes and all are ranked.
    """
    if predictions.only_mistakes:
        return RankScores(
            None, None, None, ("top1_accuracy and top5_accuracy are undefined: the source names only mistakes.",)
        )
    ranks = predictions.classes
    predicted = ranks[:, 0] != NO_CLASS
    n_items = key.n_ranked
    if not predicted.all():
        n_items = int(np.count_nonzero(predicted & (key.ranked_labels != NO_MATCH)))
    if n_items == 0:
        return RankScores(
            0, None, None, ("top1_accuracy and top5_accuracy are undefined: no item has a label and a prediction.",)
        )
    hits = ranks[:, 0] == key.ranked_labels
    n_top1 = int(np.count_nonzero(hits))
    why_no_top5 = _why_no_top5(ranks, predicted, key)
    if why_no_top5:
        return RankScores(n_items, n_top1 / n_items, None, (f"top5_accuracy is undefined: {why_no_top5}.",))
    for rank in range(1, _n_needed(key)):
        hits |= ranks[:, rank] == key.ranked_labels
    return RankScores(n_items, n_top1 / n_items, int(np.count_nonzero(hits)) / n_items, ())


def _n_needed(key: AnswerKey) -> int:
    return min(N_TOP, key.n_classes)


def _why_no_top5(
    ranks: npt.NDArray[np.int32] | npt.NDArray[np.int16], predicted: npt.NDArray[np.bool_], key: AnswerKey
) -> str:
    n_needed = _n_needed(key)
    if ranks.shape[1] < n_needed:
        return f"the predictions have {ranks.shape[1]} of the {n_needed} ranks"
    absent = ranks[:, :n_needed] == NO_CLASS
    if not absent.any():
        return ""
    counted = predicted & (key.ranked_labels != NO_MATCH)
    n_short = int(np.count_nonzero(absent.any(axis=1) & counted))
    return f"fewer than {n_needed} ranks on {n_short} of the items" if n_short else ""
