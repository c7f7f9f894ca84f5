"""Means over items and classes with their intervals."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading import class_mean_interval, wilson_interval
from regrade.grading.means import Mean, class_mean, class_means, item_mean, item_means
from regrade.grading.tallies import RightCounts

N_GRADED, N_RIGHT = (
    np.array([[4, 2, 0, 2], [0, 0, 0, 1], [0, 0, 0, 0]]),
    np.array([[3, 1, 0, 0], [0, 0, 0, 1], [0] * 4]),
)


def test_many_models_at_once() -> None:
    # The last column has no class. Classes 3/4 and 1/2: 5/8; items 4/8. The second has no class, the third nothing.
    counts = RightCounts(N_GRADED, N_RIGHT)
    np.testing.assert_array_equal(class_means(counts), [5 / 8, np.nan, np.nan])
    np.testing.assert_array_equal(item_means(counts), [1 / 2, 1.0, np.nan])


def test_one_mean_with_its_interval() -> None:
    of_classes = class_mean_interval(np.array([3, 1, 0]), np.array([4, 2, 0]))
    of_items = wilson_interval(1 / 2, 8)
    assert of_classes is not None
    assert of_items is not None
    assert class_mean(N_RIGHT[0], N_GRADED[0]) == pytest.approx((5 / 8, *of_classes))
    assert item_mean(4, 8) == (1 / 2, *of_items)


def test_nothing_graded_is_undefined() -> None:
    assert class_mean(N_RIGHT[1], N_GRADED[1]) == item_mean(0, 0) == Mean(None, None, None)


def test_no_model() -> None:
    empty = np.empty((0, 4), np.int64)
    assert len(class_means(RightCounts(empty, empty))) == len(item_means(RightCounts(empty, empty))) == 0
