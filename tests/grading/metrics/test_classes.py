"""Accuracy class by class on arrays."""

from __future__ import annotations

import numpy as np

from regrade.grading.metrics import class_accuracies


def test_worked_by_hand() -> None:
    # Class 0: right, wrong, wrong; class 1: none; class 2: right. The last two items have no class of the three.
    right = np.array([True, False, True, False, True, False])
    figures = class_accuracies(right, np.array([0, 0, 2, 0, 3, -1]), n_classes=3)
    assert figures.n_graded.tolist() == [3, 0, 1]
    assert figures.n_right.tolist() == [1, 0, 1]
    np.testing.assert_allclose(figures.accuracy, [1 / 3, np.nan, 1])
