"""Marking: which graded items a model gets wrong, and what is known of each wrong pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.keys import AnswerKey
from regrade.records.predictions import NO_CLASS, Predictions

_NAMES_ONLY_MISTAKES = "The source names only mistakes: a graded item that it does not name counts as right."


@dataclass(frozen=True, slots=True, eq=False)
class Marks:
    """The marked sheet of one model. Indices point into the graded items of the key and ascend."""

    wrong: npt.NDArray[np.intp]
    """(m,) which graded items are mistakes."""
    classes: npt.NDArray[np.int64]
    """(m,) predicted class ids."""
    codes: npt.NDArray[np.int8]
    """(m,) verdict codes of those pairs; UNREVIEWED_CODE where nobody judged the pair."""
    left_out: npt.NDArray[np.intp]
    """(x,) which items of the key are not graded after all."""
    n_missing: int
    """Of those, the ones that have no prediction."""
    notes: tuple[str, ...]


def mark(predictions: Predictions, key: AnswerKey) -> Marks:
    """Compare the top-1 classes with the original labels first, and look up only the rest.

    A source that names only mistakes is right on the items that it does not name; where the policy cannot grade such a
    source, every item is left out.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    _check(predictions, key)
    if predictions.only_mistakes and key.rubric.why_not_only_mistakes:
        return _mark_nothing(key)
    top = predictions.classes[:, 0][key.items]
    rest = np.flatnonzero(top != key.expected)
    classes = top[rest].astype(np.int64)
    absent = classes == NO_CLASS
    missing = rest[absent]
    if len(missing):
        rest, classes = rest[~absent], classes[~absent]
    codes = key.judged.look_up(key.items[rest], classes)
    wrong = codes < key.least_code
    notes: tuple[str, ...] = ()
    if predictions.only_mistakes:
        missing = missing[:0]
        notes = (_NAMES_ONLY_MISTAKES,)
    elif len(missing):
        notes = (f"Items that the policy would grade but that have no prediction: {len(missing)}.",)
    return Marks(rest[wrong], classes[wrong], codes[wrong], left_out=missing, n_missing=len(missing), notes=notes)


def _mark_nothing(key: AnswerKey) -> Marks:
    return Marks(
        wrong=np.empty(0, np.intp),
        classes=np.empty(0, np.int64),
        codes=np.empty(0, np.int8),
        left_out=np.arange(len(key.items)),
        n_missing=0,
        notes=(f"The policy {key.policy} cannot grade these predictions: {key.rubric.why_not_only_mistakes}.",),
    )


def _check(predictions: Predictions, key: AnswerKey) -> None:
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
