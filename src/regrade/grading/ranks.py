"""Top-1 and top-5 accuracy against the original label, whatever the policy."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.grading.keys import AnswerKey
from regrade.grading.metrics.top_k import lay_out_labels, top_k_accuracy
from regrade.records.metrics import Figure
from regrade.records.predictions import Predictions

N_TOP = 5
ONLY_MISTAKES = "the source names only mistakes"


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
    return join_ranks(
        score_top_k(predictions, key, 1),
        score_top_k(predictions, key, N_TOP),
        n_items=not predictions.only_mistakes,
    )


def join_ranks(top1: Figure, top5: Figure, *, n_items: bool = True) -> RankScores:
    """Put top-1 and top-5 together.

    Args:
        top1: Top-1 accuracy.
        top5: Top-5 accuracy, over the same items.
        n_items: Whether it is known which items have a prediction.
    """
    notes: tuple[str, ...] = ()
    if top1.value is None:
        notes = (f"top1_accuracy and top5_accuracy are undefined: {top1.why}.",)
    elif top5.value is None:
        notes = (f"top5_accuracy is undefined: {top5.why}.",)
    return RankScores(top1.n if n_items else None, top1.value, top5.value, notes)


def score_top_k(predictions: Predictions, key: AnswerKey, k: int) -> Figure:
    """Top-k accuracy of one model against the original labels, as `top_k_accuracy` gives it.

    Args:
        predictions: Predictions that belong to the key's split and classes.
        key: Says which label counts for which item.
        k: How many ranks count, >= 1; all classes where there are fewer.

    Returns:
        The share; undefined also for a source that names only mistakes.
    """
    if predictions.only_mistakes:
        return Figure(None, 0, ONLY_MISTAKES)
    ranks, k = predictions.classes, min(k, key.n_classes)
    if ranks.shape[1] < k or k == 1:
        return top_k_accuracy(ranks[:, :1] if k == 1 else ranks, key.ranked_labels, k=k)
    shape = ranks.shape[1], k
    if shape not in key.laid_out:
        key.laid_out[shape] = lay_out_labels(key.ranked_labels, *shape)
    return top_k_accuracy(ranks, key.ranked_labels, k=k, laid_out=key.laid_out[shape])
