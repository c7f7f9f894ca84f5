"""Outputs of a model that was run here."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax

from regrade.errors import InputError
from regrade.formats.places import Place
from regrade.formats.predictions import rank_outputs, soften
from regrade.formats.predictions.score_rows import LoadedScores
from regrade.records.classes import ClassList
from regrade.records.items import Split

ROWS = np.array([[0.0, 2.0, 1.0, -1.0], [3.0, 3.0, 0.0, 1.0]], np.float32)


def test_rows_go_to_their_items_and_the_others_are_missing(split: Split, classes: ClassList) -> None:
    outputs = LoadedScores(ROWS, Place("outputs"))
    predictions = rank_outputs(outputs, np.array([2, 0]), split=split, classes=classes, model="m", n_ranks=2)
    assert predictions.classes.tolist() == [[0, 1], [-1, -1], [1, 2]]
    assert (predictions.n_missing, predictions.n_ties, predictions.score_kind) == (1, 1, "probability")
    assert predictions.scores is not None
    np.testing.assert_allclose(predictions.scores[2], softmax(ROWS[0].astype(np.float64))[[1, 2]], rtol=1e-6)


def test_scores_of_another_kind_stay_as_they_are(split: Split, classes: ClassList) -> None:
    outputs = LoadedScores(ROWS, Place("outputs"))
    predictions = rank_outputs(outputs, np.array([0, 1]), split=split, classes=classes, model="m", soften=False)
    assert predictions.scores is not None
    assert predictions.scores[:2].tolist() == [[2.0, 1.0, 0.0, -1.0], [3.0, 3.0, 1.0, 0.0]]
    assert predictions.score_kind == "score"


def test_a_row_that_names_no_class_is_named_by_its_item(split: Split, classes: ClassList) -> None:
    outputs = LoadedScores(np.ones((2, 4), np.float32), Place("outputs", keys=["a", "b"]))
    with pytest.raises(InputError, match=r"outputs, item 'a': expected scores that tell the classes apart"):
        rank_outputs(outputs, np.array([0, 1]), split=split, classes=classes, model="m")


def test_softmax_is_that_of_scipy_and_does_not_overflow() -> None:
    rows = np.array([[1e30, 0, -1e30, 1e30], [1000, 999, 0, -4]], np.float32)
    np.testing.assert_allclose(soften(rows), softmax(rows.astype(np.float64), axis=1), rtol=1e-12)
