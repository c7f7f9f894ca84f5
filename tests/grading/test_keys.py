"""The answer key: slices, fallbacks for labels, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import find_mistakes, grade, prepare_key
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions

MakeSplit = Callable[..., Split]
MakeLabels = Callable[..., LabelSet]
MakePredictions = Callable[..., Predictions]


def test_a_slice_grades_its_items_alone(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    # Of items 7, 4, 3, 0 (any order, one twice) 0 and 3 are graded: 0 right, 3 wrong; 4 is problematic, 7 not covered.
    # Top-1: 3, 4, 7 of four.
    only = np.array([7, 4, 3, 0, 3], np.int32)
    key = prepare_key(toy_labels, toy_split, ref="toy@1", only=only, slice_name="some")
    graded = grade(toy_predictions, key)
    assert graded.slice == "some"
    assert (graded.n_items, graded.n_graded, graded.n_problematic, graded.n_mistakes) == (4, 2, 1, 1)
    assert (graded.top1_accuracy, graded.item_accuracy) == (3 / 4, 1 / 2)
    assert find_mistakes(toy_predictions, key).items.tolist() == [3]


def test_an_empty_slice_grades_nothing(toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([], np.int32), slice_name="none")
    graded = grade(toy_predictions, key)
    assert (graded.n_items, graded.n_graded, graded.item_accuracy, graded.top1_accuracy) == (0, 0, None, None)


def test_classes_fall_back_to_the_split(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # The set has no label for item 0, so its class is the split's, 2.
    # The split has none for item 1, so top-1 takes the set's, 3.
    split = make_split([2, NO_LABEL])
    labels = make_labels({0: {2: "correct"}, 1: {3: "correct"}}, original={1: 3})
    graded = grade(make_predictions([[2], [3]]), prepare_key(labels, split, ref="a@1"))
    assert (graded.multilabel_accuracy, graded.top1_accuracy, graded.n_items) == (1.0, 1.0, 2)
    assert grade(make_predictions([[2], [3]]), prepare_key(labels, split, ref="a@1", policy="single")).n_graded == 2


def test_differing_labels_are_told_apart_and_counted(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # Top-1 goes by the split (class 2), `single` and the class mean by the set (class 3).
    split, labels = make_split([2, 1]), make_labels({0: {3: "correct"}, 1: {1: "correct"}}, original={0: 3, 1: 1})
    note = "Items with another original label in a@1: 1; top-1 and top-5 use the split's."
    single = grade(make_predictions([[3], [1]]), prepare_key(labels, split, ref="a@1", policy="single"))
    assert (single.item_accuracy, single.top1_accuracy) == (1.0, 0.5)
    assert note in single.notes
    of_slice = prepare_key(labels, split, ref="a@1", only=np.array([1], np.int32), slice_name="agreed")
    assert note not in of_slice.notes


def test_an_item_is_never_matched_by_being_missing_twice(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # Neither item has a label, and neither has a prediction.
    split, labels = make_split([NO_LABEL, NO_LABEL]), make_labels({0: {}, 1: {0: "correct"}})
    graded = grade(make_predictions([[NO_CLASS], [NO_CLASS]]), prepare_key(labels, split, ref="a@1"))
    assert (graded.n_items, graded.n_graded, graded.n_missing, graded.n_mistakes) == (0, 0, 2, 0)


def test_no_label_is_never_looked_up_as_a_class_of_the_item_before(
    make_split: MakeSplit, make_labels: MakeLabels, make_predictions: MakePredictions
) -> None:
    # Item 1 has no label (-1) and no prediction (-1); the pair just before its classes is (0, 5), which is correct.
    split, labels = make_split([5, NO_LABEL]), make_labels({0: {5: "correct"}, 1: {0: "correct"}})
    graded = grade(make_predictions([[5], [NO_CLASS]]), prepare_key(labels, split, ref="a@1"))
    assert (graded.n_graded, graded.n_missing, graded.n_mistakes) == (1, 1, 0)


def test_labels_of_another_split_are_refused(toy_split: Split, toy_labels: LabelSet) -> None:
    with pytest.raises(InputError, match="labels of the split main; got labels of the split train"):
        prepare_key(replace(toy_labels, split="train"), toy_split, ref="toy@1")


def test_an_unknown_policy_is_refused(toy_split: Split, toy_labels: LabelSet) -> None:
    with pytest.raises(InputError, match="one of the policies multilabel, real, single; got best"):
        prepare_key(toy_labels, toy_split, ref="toy@1", policy="best")  # type: ignore[arg-type]


@pytest.mark.parametrize("position", [-1, 8])
def test_a_position_outside_the_split_is_refused(toy_split: Split, toy_labels: LabelSet, position: int) -> None:
    with pytest.raises(InputError, match=rf"^only: expected whole numbers from 0.*; got {position} at position 1"):
        prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([3, position], np.int32), slice_name="odd")


def test_a_slice_without_a_name_is_refused(toy_split: Split, toy_labels: LabelSet) -> None:
    with pytest.raises(InputError, match="the items and the name of a slice"):
        prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([0], np.int32))
