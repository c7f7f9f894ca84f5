"""Marking: which graded items a model gets wrong, and what is known of each wrong pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.judged import ClassIds
from regrade.grading.keys import AnswerKey
from regrade.grading.sheets import MarkingSheet, find_missing
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.predictions import Predictions

_NAMES_ONLY_MISTAKES = "The source names only mistakes: a graded item that it does not name counts as right."


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The marked sheet of one model. Indices point into the graded items of the key and ascend."""

    wrong: npt.NDArray[np.intp]
    """(m,) which graded items are mistakes."""
    classes: ClassIds
    """(m,) predicted class ids."""
    codes: npt.NDArray[np.int8]
    """(m,) verdict codes of those pairs; UNREVIEWED_CODE where nobody judged the pair."""
    left_out: npt.NDArray[np.intp]
    """(x,) which items of the key are not graded after all."""
    notes: tuple[str, ...]
    """What this has to say of these predictions."""


def mark(predictions: Predictions, key: AnswerKey) -> Marks:
    """Find what a model gets wrong.

    A source that names only mistakes is right on the items that it does not name; where the policy cannot grade such a
    source, every item is left out.

    Args:
        predictions: One model's predictions for the key's split.
        key: The labels and the policy.

    Returns:
        The mistakes with what is known of each, and the items that have no prediction.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    check_predictions(predictions, key)
    if why_ungraded(predictions, key):
        return _mark_nothing(predictions, key)
    tops = predictions.classes[:, 0][key.items][None]
    sheet = MarkingSheet(key)
    wrong = np.flatnonzero(sheet.find_wrong(tops))
    missing = find_missing(tops, wrong)
    if len(missing):
        wrong = np.setdiff1d(wrong, missing, assume_unique=True)
    codes = np.full(len(key.items), UNREVIEWED_CODE, np.int8)
    at, verdicts = sheet.find_rejected(tops)
    codes[at] = verdicts
    return Marks(
        wrong,
        tops[0, wrong],
        codes[wrong],
        left_out=missing[:0] if predictions.only_mistakes else missing,
        notes=marking_notes(predictions, key, len(missing)),
    )


def why_ungraded(predictions: Predictions, key: AnswerKey) -> str:
    """Why the policy cannot grade these predictions; empty where it can."""
    return key.rubric.why_not_only_mistakes if predictions.only_mistakes else ""


def marking_notes(predictions: Predictions, key: AnswerKey, n_missing: int) -> tuple[str, ...]:
    """What a grade has to say of how these predictions were marked."""
    if why := why_ungraded(predictions, key):
        return (f"The policy {key.policy} cannot grade these predictions: {why}.",)
    if predictions.only_mistakes:
        return (_NAMES_ONLY_MISTAKES,)
    return (f"Items that the policy would grade but that have no prediction: {n_missing}.",) if n_missing else ()


def check_predictions(predictions: Predictions, key: AnswerKey) -> None:
    """Check that predictions and key are of one split and the same classes.

    Raises:
        InputError: They are not.
    """
    got = (len(predictions.classes), predictions.split, predictions.n_classes)
    expected = (len(key.ranked_labels), key.split, key.n_classes)
    if got != expected:
        words = "predictions for {} items of the split {} and {} classes"
        raise InputError(
            words.format(*expected),
            got=words.format(*got),
            where=predictions.model,
            remedy="Grade them on their own split.",
        )


def _mark_nothing(predictions: Predictions, key: AnswerKey) -> Marks:
    return Marks(
        wrong=np.empty(0, np.intp),
        classes=np.empty(0, np.int32),
        codes=np.empty(0, np.int8),
        left_out=np.arange(len(key.items)),
        notes=marking_notes(predictions, key, 0),
    )
