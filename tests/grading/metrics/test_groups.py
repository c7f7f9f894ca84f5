"""Accuracy by groups of classes on arrays."""

from __future__ import annotations

import numpy as np

from regrade.grading.means import class_means, item_means
from regrade.grading.metrics import group_counts
from regrade.grading.metrics.groups import NO_GROUP

GROUPS = np.array([0, 0, 1, NO_GROUP])
"""Classes 0 and 1 are in group 0, class 2 in group 1, class 3 in none."""
RIGHT = np.array([True, False, True, False])
ORIGINAL = np.array([0, 1, 2, 3])


def test_by_original_class() -> None:
    # Group 0: items 0 (right), 1 (wrong). Group 1: item 2. Item 3 is in none.
    counts = group_counts(RIGHT, ORIGINAL, GROUPS, items=np.arange(4), classes=ORIGINAL)
    assert counts.n_graded.tolist() == [[1, 1, 0, 0, 0], [0, 0, 1, 0, 0]]
    assert counts.n_right.tolist() == [[1, 0, 0, 0, 0], [0, 0, 1, 0, 0]]
    assert item_means(counts).tolist() == [0.5, 1.0]


def test_by_any_accepted_class_an_item_counts_once_in_each_group() -> None:
    # Item 0 accepts 0, 1 (group 0 twice: once) and 2 (group 1); item 1 accepts 3 (none); item 3 accepts 1 (group 0).
    # Group 0: items 0 (right), 3 (wrong), of original classes 0 and 3: both means 1/2. Group 1: item 0.
    items, classes = np.array([0, 0, 0, 1, 3]), np.array([0, 1, 2, 3, 1])
    counts = group_counts(RIGHT, ORIGINAL, GROUPS, items=items, classes=classes)
    assert counts.n_graded.tolist() == [[1, 0, 0, 1, 0], [1, 0, 0, 0, 0]]
    assert item_means(counts).tolist() == class_means(counts).tolist() == [0.5, 1.0]


def test_no_class_in_a_group() -> None:
    counts = group_counts(RIGHT, ORIGINAL, np.full(4, NO_GROUP), items=np.arange(4), classes=ORIGINAL)
    assert counts.n_graded.shape == counts.n_right.shape == (0, 5)
