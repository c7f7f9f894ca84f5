"""Grades by class and by group of classes, on the toy benchmark."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import grade, prepare_key, wilson_interval
from regrade.grading.breakdowns import grade_by_class, grade_by_group
from regrade.records.classes import ClassList
from regrade.records.grades import Policy
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions

# Graded: items 0 1 2 3 5 6, of original classes 0 0 1 1 2 and none. Right: 0, 2, 6; judged: 1, 3; unreviewed: 5.
CLASSES = ClassList(
    keys=("k0", "k1", "k2", "k3", "k4", "k5"),
    names=("a", "b", "c", "d", "e", "e"),
    definitions=("",) * 6,
    groups=("x", "y", "x", "", "z", "z"),
)


def test_by_class(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    rows = grade_by_class(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), CLASSES)
    assert [(row.class_id, row.key, row.name, row.group) for row in rows] == [
        (number, f"k{number}", "abcdee"[number], CLASSES.groups[number]) for number in range(6)
    ]
    assert [(row.n_graded, row.n_mistakes, row.n_unreviewed) for row in rows[:4]] == [
        (2, 1, 0),
        (2, 1, 0),
        (1, 1, 1),
        (0, 0, 0),
    ]
    assert [(row.accuracy, row.accuracy_min, row.accuracy_max) for row in rows[:4]] == [
        (1 / 2, 1 / 2, 1 / 2),
        (1 / 2, 1 / 2, 1 / 2),
        (0.0, 0.0, 1.0),
        (None, None, None),
    ]
    assert (rows[0].ci_low, rows[0].ci_high) == wilson_interval(1 / 2, 2)
    assert rows[3].notes == ("accuracy is undefined: no item of the class is graded.",)
    assert (rows[0].model, rows[0].labels, rows[0].policy, rows[0].slice) == ("toy", "toy@1", "multilabel", None)


@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
def test_classes_add_up_to_the_grade(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions, policy: Policy
) -> None:
    # All but item 6, which has no class; it is right under multilabel and real, and not graded under single.
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy=policy)
    rows, whole = grade_by_class(toy_predictions, key, CLASSES), grade(toy_predictions, key)
    assert sum(row.n_mistakes for row in rows) == whole.n_mistakes
    assert sum(row.n_unreviewed for row in rows) == whole.n_unreviewed
    assert sum(row.n_graded for row in rows) == whole.n_graded - (policy != "single")


def test_by_group_of_the_original_label(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # x: classes 0, 2: items 0 (right), 1, 5 (unreviewed). Classes 1/2, 0/1: 1/4; at best 1/2, 1/1: 3/4.
    # y: items 2 (right), 3.
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    x, y, z = grade_by_group(toy_predictions, key, CLASSES)
    assert [(row.group, row.n_classes, row.n_graded, row.n_mistakes, row.n_unreviewed) for row in (x, y, z)] == [
        ("x", 2, 3, 2, 1),
        ("y", 1, 2, 1, 0),
        ("z", 2, 0, 0, 0),
    ]
    assert (x.item_accuracy, x.item_accuracy_min, x.item_accuracy_max) == (1 / 3, 1 / 3, 2 / 3)
    assert (x.multilabel_accuracy, x.multilabel_accuracy_min, x.multilabel_accuracy_max) == (1 / 4, 1 / 4, 3 / 4)
    assert (x.item_ci_low, x.item_ci_high) == wilson_interval(1 / 3, 3)
    assert x.multilabel_ci_low is not None
    assert x.multilabel_ci_high is not None
    assert x.multilabel_ci_low < 1 / 4 < x.multilabel_ci_high
    assert (y.item_accuracy, y.multilabel_accuracy) == (1 / 2, 1 / 2)
    # Item 6 has no label, so no group.
    unplaced = "Graded items in no group: 1."
    assert x.notes == y.notes == (unplaced,)
    assert (z.item_accuracy, z.multilabel_accuracy, z.item_ci_low, z.multilabel_ci_high) == (None,) * 4
    assert z.notes == (unplaced, "The accuracies are undefined: no item of the group is graded.")


def test_by_group_of_any_accepted_label(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Accepted: 0 {0, 1}: x, y. 1 {0}: x. 2 {1, 4}: y, z. 3 {2}: x. 5 {}: none. 6 {4}: z.
    # x: 0 right, 1 and 3 wrong: classes 0 (1/2), 1 (0/1). y: 0, 2 right. z: 2, 6 right.
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    x, y, z = grade_by_group(toy_predictions, key, CLASSES, group_by="accepted")
    assert [(row.n_graded, row.n_mistakes, row.group_by) for row in (x, y, z)] == [
        (3, 2, "accepted"),
        (2, 0, "accepted"),
        (2, 0, "accepted"),
    ]
    assert (x.item_accuracy, x.multilabel_accuracy) == (1 / 3, 1 / 4)
    assert (z.item_accuracy, z.multilabel_accuracy) == (1.0, 1.0)
    assert x.notes == ("Graded items in no group: 1.",)


def test_a_group_of_items_without_a_class_has_no_class_mean(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    only_z = replace(CLASSES, groups=("", "", "", "", "z", ""))
    key = prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([6], np.int32), slice_name="six")
    (z,) = grade_by_group(toy_predictions, key, only_z, group_by="accepted")
    assert (z.slice, z.n_graded, z.item_accuracy, z.multilabel_accuracy) == ("six", 1, 1.0, None)
    assert z.notes == ("multilabel_accuracy is undefined: no graded item of the group has an original label.",)


@pytest.mark.parametrize("policy", ["real", "single"])
def test_other_policies_have_no_class_mean(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions, policy: Policy
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy=policy)
    x = grade_by_group(toy_predictions, key, CLASSES)[0]
    assert (x.multilabel_accuracy, x.multilabel_ci_low, x.multilabel_accuracy_max) == (None, None, None)
    assert f"multilabel_accuracy is undefined under the policy {policy}." in x.notes


def test_missing_predictions_are_in_no_class_and_no_group(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    ranks = toy_predictions.classes.copy()
    ranks[[0, 5]] = NO_CLASS
    predictions, key = replace(toy_predictions, classes=ranks), prepare_key(toy_labels, toy_split, ref="toy@1")
    assert [row.n_graded for row in grade_by_class(predictions, key, CLASSES)] == [1, 2, 0, 0, 0, 0]
    x, y, z = grade_by_group(predictions, key, CLASSES, group_by="accepted")
    assert [row.n_graded for row in (x, y, z)] == [2, 1, 2]
    assert "Items that the policy would grade but that have no prediction: 2." in x.notes


def test_classes_without_groups_are_refused(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    with pytest.raises(InputError, match="expected classes with groups; got none that has one"):
        grade_by_group(
            toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), replace(CLASSES, groups=("",) * 6)
        )


def test_no_label_anywhere(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    split = replace(toy_split, labels=np.full(8, NO_LABEL, np.int32))
    labels = replace(toy_labels, original=np.full(7, NO_LABEL, np.int32))
    key = prepare_key(labels, split, ref="toy@1")
    assert {row.n_graded for row in grade_by_class(toy_predictions, key, CLASSES)} == {0}
    assert {row.n_graded for row in grade_by_group(toy_predictions, key, CLASSES)} == {0}
