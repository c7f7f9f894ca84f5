"""Marking: missing predictions, sources that name only mistakes, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from regrade.errors import InputError
from regrade.grading import find_mistakes, grade, prepare_key
from regrade.labelsets import original_labels
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions

MakePredictions = Callable[..., Predictions]
NAMES_ONLY_MISTAKES = "The source names only mistakes: a graded item that it does not name counts as right."


def test_missing_predictions_are_left_out_and_counted(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    # Graded are 0 1 2 3 5 6. Missing: 1 and 6 of them (and 4, problematic; 7, not covered). Right: 0, 2. Wrong: 3, 5.
    # Classes: 0 has item 0: 1/1; 1 has 2, 3: 1/2; 2 has 5: 0/1. Mean 1/2.
    top = [1, NO_CLASS, 1, 1, NO_CLASS, 0, NO_CLASS, NO_CLASS]
    graded = grade(make_predictions([[top_class] for top_class in top]), prepare_key(toy_labels, toy_split, ref="t@1"))
    assert (graded.n_graded, graded.n_missing, graded.n_mistakes, graded.n_items) == (4, 2, 2, 4)
    assert graded.item_accuracy == 1 / 2
    assert graded.multilabel_accuracy == pytest.approx(1 / 2)
    assert "Items that the policy would grade but that have no prediction: 2." in graded.notes


def test_a_class_whose_items_are_all_missing_leaves_the_mean(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    # Class 2 has item 5 alone, and it is missing: mean of 1/2 (item 0 right, 1 wrong) and 1/2 (2 right, 3 wrong).
    top = [0, 3, 1, 1, 2, NO_CLASS, 4, 3]
    graded = grade(make_predictions([[top_class] for top_class in top]), prepare_key(toy_labels, toy_split, ref="t@1"))
    assert graded.multilabel_accuracy == pytest.approx(1 / 2)


def test_no_prediction_at_all(toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions) -> None:
    graded = grade(make_predictions([[NO_CLASS]] * 8), prepare_key(toy_labels, toy_split, ref="t@1"))
    assert (graded.n_graded, graded.n_missing, graded.n_mistakes, graded.n_items) == (0, 6, 0, 0)
    assert (graded.item_accuracy, graded.multilabel_accuracy, graded.ci_low) == (None, None, None)
    assert "item_accuracy is undefined: no item is graded." in graded.notes


def test_items_that_a_list_of_mistakes_does_not_name_are_right(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    # Named: 1 (3, judged wrong), 2 (4, accepted here: right), 3 (5, unreviewed), 4 (problematic), 7 (not covered).
    # Graded: all of 0 1 2 3 5 6; wrong: 1, 3. Classes: 1/2, 1/2, 1/1: mean 2/3.
    top = [NO_CLASS, 3, 4, 5, 0, NO_CLASS, NO_CLASS, 0]
    predictions = make_predictions([[top_class] for top_class in top], only_mistakes=True)
    key = prepare_key(toy_labels, toy_split, ref="t@1")
    graded = grade(predictions, key)
    assert (graded.n_graded, graded.n_missing, graded.n_mistakes) == (6, 0, 2)
    assert (graded.n_judged_wrong, graded.n_unclear_rejected, graded.n_unreviewed) == (1, 0, 1)
    assert graded.item_accuracy == 4 / 6
    assert graded.multilabel_accuracy == pytest.approx(2 / 3)
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (None, None, None)
    assert NAMES_ONLY_MISTAKES in graded.notes
    assert "top1_accuracy and top5_accuracy are undefined: the source names only mistakes." in graded.notes
    assert find_mistakes(predictions, key).items.tolist() == [1, 3]


def test_labels_of_one_class_an_item_cannot_grade_a_list_of_mistakes(
    toy_split: Split, make_predictions: MakePredictions
) -> None:
    """What it does not name some multi-label set accepts: that is no word on the label itself."""
    key = prepare_key(original_labels(toy_split, 6), toy_split, ref="original@1")
    graded = grade(make_predictions([[3]] + [[NO_CLASS]] * 7, only_mistakes=True), key)
    assert (graded.n_graded, graded.item_accuracy, graded.multilabel_accuracy) == (0, None, None)
    assert any("these labels judge one class an item" in note for note in graded.notes)


@pytest.mark.parametrize(
    ("policy", "unclear", "reason"),
    [
        pytest.param("multilabel", "reject", "the prediction may be marked unclear", id="unclear rejected"),
        pytest.param("real", "accept", "a multi-label set that leaves other items out", id="real"),
        pytest.param("single", "accept", "not those against the original label", id="single"),
    ],
)
def test_a_list_of_mistakes_is_not_graded_where_it_cannot_be(
    toy_split: Split,
    toy_labels: LabelSet,
    make_predictions: MakePredictions,
    *,
    policy: Policy,
    unclear: UnclearRule,
    reason: str,
) -> None:
    predictions = make_predictions([[3]] * 8, only_mistakes=True)
    key = prepare_key(toy_labels, toy_split, ref="t@1", policy=policy, unclear=unclear)
    graded = grade(predictions, key)
    assert (graded.item_accuracy, graded.multilabel_accuracy, graded.ci_low, graded.ci_high) == (None,) * 4
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (None, None, None)
    assert (graded.n_graded, graded.n_missing, graded.n_mistakes) == (0, 0, 0)
    assert any(f"The policy {policy} cannot grade" in note and reason in note for note in graded.notes)
    assert len(find_mistakes(predictions, key).items) == 0


@pytest.mark.parametrize(
    "change", [{"split": "train"}, {"n_classes": 7}, {"classes": [[0]]}], ids=["split", "classes", "items"]
)
def test_predictions_for_something_else_are_refused(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions, change: dict[str, object]
) -> None:
    expected = "toy: expected predictions for 8 items of the split main and 6 classes; got predictions for"
    with pytest.raises(InputError, match=expected):
        grade(replace(toy_predictions, **change), prepare_key(toy_labels, toy_split, ref="t@1"))  # type: ignore[arg-type]
