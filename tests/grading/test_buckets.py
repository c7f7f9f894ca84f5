"""The groups of items that the headline's mean goes over."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading import prepare_key
from regrade.grading.buckets import headline_accuracy, headline_buckets
from regrade.records.items import Split
from regrade.records.labels import LabelSet


def test_a_class_mean_goes_over_original_classes(toy_split: Split, toy_labels: LabelSet) -> None:
    # graded: items 0, 1 of class 0; 2, 3 of class 1; 5 of class 2; 6 without a label
    buckets = headline_buckets(prepare_key(toy_labels, toy_split, ref="toy@1"))
    assert buckets.n == 6
    assert buckets.count(np.arange(6)).tolist() == [2, 2, 1, 0, 0, 0]
    rows, items = np.array([0, 0, 2, 2]), np.array([0, 1, 4, 5])
    assert buckets.count_rows(rows, items, 3).tolist() == [[2, 0, 0, 0, 0, 0], [0] * 6, [0, 0, 1, 0, 0, 0]]


@pytest.mark.parametrize("policy", ["real", "single"])
def test_an_item_mean_goes_over_all_items(toy_split: Split, toy_labels: LabelSet, policy: str) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy=policy)  # type: ignore[arg-type]
    buckets = headline_buckets(key)
    assert buckets.n == 1
    assert buckets.count(np.arange(len(key.items))).tolist() == [len(key.items)]
    assert buckets.count_rows(np.array([0, 1, 1]), np.array([0, 1, 2]), 2).tolist() == [[1], [2]]


def test_accuracy_is_the_mean_of_the_shares_that_are_right() -> None:
    # (1/2 + 3/4) / 2 and (1 + 0) / 2; the empty bucket does not count
    found = headline_accuracy(np.array([[1, 0, 1], [0, 0, 4]]), np.array([2, 0, 4]))
    assert found.tolist() == [0.625, 0.5]


def test_accuracy_of_nothing_is_undefined() -> None:
    assert np.isnan(headline_accuracy(np.array([[0, 0]]), np.array([0, 0]))).tolist() == [True]
