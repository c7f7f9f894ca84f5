"""The mistakes of one model."""

from __future__ import annotations

import numpy as np

from regrade.grading.keys import AnswerKey
from regrade.grading.marking import mark
from regrade.records.grades import Mistakes
from regrade.records.predictions import Predictions


def find_mistakes(predictions: Predictions, key: AnswerKey) -> Mistakes:
    """Find the graded items whose top-1 class is not accepted.

    Args:
        predictions: One model's predictions for the key's split.
        key: The labels and the policy.

    Returns:
        As many mistakes as `grade` counts, items ascending; none where the policy grades nothing, or where it cannot
        grade predictions that name only mistakes.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    marks = mark(predictions, key)
    items = key.items[marks.wrong].astype(np.int32)
    confidences = np.full(len(items), np.nan, np.float32)
    if predictions.scores is not None:
        confidences[:] = predictions.scores[items, 0]
    return Mistakes(
        model=predictions.model,
        items=items,
        classes=marks.classes.astype(np.int32),
        codes=marks.codes,
        confidences=confidences,
    )
