"""The unreviewed share and the bounds it puts on accuracies."""

from __future__ import annotations

import numpy as np

from regrade.grading.metrics import accuracy_bounds, unreviewed_shares
from regrade.grading.tallies import Tally


def _tally(n_graded: list[list[int]], n_right: list[list[int]], n_unreviewed: list[list[int]]) -> Tally:
    none = np.zeros(len(n_graded), np.int64)
    return Tally(np.array(n_graded), np.array(n_right), np.array(n_unreviewed), none, none, none)


def test_worked_by_hand() -> None:
    # Classes of 2 and 4 items, and an item without a class. Right 1, 2, 0; of the wrong 1, 2, 1 unreviewed: 1, 0, 1.
    # Classes: 1/2 and 2/4, mean 1/2; at best 2/2 and 2/4, mean 3/4. Items: 3/7; at best 5/7. Share: 2 of 4.
    counts = _tally([[2, 4, 1]], [[1, 2, 0]], [[1, 0, 1]])
    bounds = accuracy_bounds(counts)
    assert [float(value[0]) for value in bounds] == [1 / 2, 3 / 4, 3 / 7, 5 / 7]
    assert unreviewed_shares(counts).tolist() == [1 / 2]


def test_models_side_by_side_and_undefined_values() -> None:
    # The first has no mistake, the second no graded item, the third none with a class.
    counts = _tally([[2, 0], [0, 0], [0, 3]], [[2, 0], [0, 0], [0, 1]], [[0, 0], [0, 0], [0, 1]])
    bounds = accuracy_bounds(counts)
    np.testing.assert_allclose(bounds.class_mean_min, [1, np.nan, np.nan])
    np.testing.assert_allclose(bounds.class_mean_max, [1, np.nan, np.nan])
    np.testing.assert_allclose(bounds.item_mean_min, [1, np.nan, 1 / 3])
    np.testing.assert_allclose(bounds.item_mean_max, [1, np.nan, 2 / 3])
    np.testing.assert_allclose(unreviewed_shares(counts), [np.nan, np.nan, 1 / 2])
