"""Grouping equal confidences."""

from __future__ import annotations

import numpy as np

from regrade.grading.metrics.ties import tie_groups


def test_worked_by_hand() -> None:
    ties = tie_groups(np.array([0.5, 0.1, 0.5, 0.9]))
    assert ties.values.tolist() == [0.1, 0.5, 0.9]
    assert ties.group.tolist() == [1, 0, 1, 2]
    assert ties.sizes.tolist() == [1, 2, 1]


def test_nothing() -> None:
    assert [len(part) for part in tie_groups(np.empty(0))] == [0, 0, 0]
