"""The mistakes of one model on the toy benchmark."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from regrade.grading import find_mistakes, prepare_key
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

MakePredictions = Callable[..., Predictions]


def test_what_is_known_of_each(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # 0: class 1, unclear and rejected. 1: class 3, judged wrong. 3: class 1, judged wrong. 5: class 0, never judged.
    mistakes = find_mistakes(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1", unclear="reject"))
    assert mistakes.model == "toy"
    assert mistakes.items.tolist() == [0, 1, 3, 5]
    assert mistakes.classes.tolist() == [1, 3, 1, 0]
    assert mistakes.codes.tolist() == [1, 0, 0, UNREVIEWED_CODE]
    assert np.isnan(mistakes.confidences).tolist() == [True] * 4
    dtypes = [array.dtype for array in (mistakes.items, mistakes.classes, mistakes.codes, mistakes.confidences)]
    assert dtypes == [np.dtype(name) for name in ("int32", "int32", "int8", "float32")]


def test_confidence_is_the_score_of_the_top_class(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    scores = [[0.9, 0.1], [0.75, 0.25], [0.5, 0.4], [0.625, 0.3], [0.9, 0.1], [np.nan, 0.1], [0.9, 0.1], [0.9, 0.1]]
    ranks = [[0, 1], [3, 1], [1, 2], [1, 2], [2, 0], [0, 1], [4, 0], [3, 0]]
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    mistakes = find_mistakes(make_predictions(ranks, scores=scores), key)
    assert mistakes.items.tolist() == [1, 3, 5]
    np.testing.assert_array_equal(mistakes.confidences, np.array([0.75, 0.625, np.nan], np.float32))


def test_no_mistake(toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions) -> None:
    # Under `real` item 5, which nothing can get right, is left out.
    ranks = [[0], [0], [1], [2], [2], [2], [4], [3]]
    mistakes = find_mistakes(make_predictions(ranks), prepare_key(toy_labels, toy_split, ref="toy@1", policy="real"))
    assert [len(array) for array in (mistakes.items, mistakes.classes, mistakes.codes, mistakes.confidences)] == [0] * 4
