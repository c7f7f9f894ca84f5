"""Top-k and variable top-k of one model, on the toy benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from regrade.errors import InputError
from regrade.grading import grade, prepare_key
from regrade.grading.rankings import grade_ranks
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

MakePredictions = Callable[..., Predictions]


@pytest.mark.parametrize(("k", "n_hit"), [(1, 4), (2, 5), (3, 5), (5, 5)])
def test_top_k(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions, k: int, n_hit: int) -> None:
    # Labels 0 0 1 1 2 2 - 3. At rank 1: items 2, 3, 4, 7; at rank 2: item 0; never: 1, 5.
    row = grade_ranks(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), top_k=k)
    assert (row.model, row.top_k, row.top_k_accuracy, row.n_top_k) == ("toy", k, n_hit / 7, 7)
    assert (row.variable_top_k, row.variable_top_k_accuracy, row.n_variable_top_k, row.notes) == (False, None, None, ())


def test_top_1_and_top_5_are_those_of_the_grade(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    graded = grade(toy_predictions, key)
    assert grade_ranks(toy_predictions, key, top_k=1).top_k_accuracy == graded.top1_accuracy
    assert grade_ranks(toy_predictions, key, top_k=5).top_k_accuracy == graded.top5_accuracy


def test_variable_top_k(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Graded with an accepted class: 0 {0, 1} in ranks 1 0: 1. 1 {0}: 3: 0. 2 {1, 4} in 1 2: 1/2. 3 {2}: 1: 0. 6 {4}: 1.
    row = grade_ranks(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), variable=True)
    assert (row.variable_top_k_accuracy, row.n_variable_top_k) == (2.5 / 5, 5)
    assert (row.top_k, row.top_k_accuracy, row.n_top_k) == (None, None, None)
    rejected = prepare_key(toy_labels, toy_split, ref="toy@1", unclear="reject")
    # Unclear ones out: 0 {0}: 1: 0. 2 {1}: 1. So 0, 0, 1, 0, 1.
    assert grade_ranks(toy_predictions, rejected, variable=True).variable_top_k_accuracy == 2 / 5


def test_too_few_ranks(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    row = grade_ranks(replace(toy_predictions, classes=toy_predictions.classes[:, :1]), key, top_k=2, variable=True)
    assert (row.top_k_accuracy, row.n_top_k, row.variable_top_k_accuracy, row.n_variable_top_k) == (None, 7, None, 5)
    assert row.notes == (
        "top_k_accuracy is undefined: the predictions have 1 of the 2 ranks.",
        "variable_top_k_accuracy is undefined: fewer ranks than accepted classes on 2 of the items.",
    )


def test_no_more_ranks_than_classes_are_asked_for(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    everything = make_predictions([[0, 1, 2, 3, 4, 5]] * 8)
    row = grade_ranks(everything, prepare_key(toy_labels, toy_split, ref="toy@1"), top_k=10)
    assert (row.top_k, row.top_k_accuracy) == (10, 1.0)


def test_a_source_that_names_only_mistakes(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    predictions = replace(toy_predictions, only_mistakes=True)
    row = grade_ranks(predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), top_k=2, variable=True)
    assert (row.top_k_accuracy, row.n_top_k, row.variable_top_k_accuracy, row.n_variable_top_k) == (None,) * 4
    assert row.notes == (
        "top_k_accuracy is undefined: the source names only mistakes.",
        "variable_top_k_accuracy is undefined: the source names only mistakes.",
    )


def test_predictions_for_something_else_are_refused(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    with pytest.raises(InputError, match="toy: expected predictions for 8 items of the split main"):
        grade_ranks(replace(toy_predictions, split="train"), prepare_key(toy_labels, toy_split, ref="toy@1"), top_k=1)
