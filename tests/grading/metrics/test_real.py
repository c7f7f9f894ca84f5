"""ReaL accuracy on arrays; on the released labels it is held by the golden figures."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading.metrics import real_accuracy
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def test_worked_by_hand() -> None:
    # 0: 5 is accepted. 1: 2 is not (7 is). 2: nothing is accepted: left out. 3: no prediction: left out. 4: 1 is.
    top1 = np.array([5, 2, 0, NO_CLASS, 1], np.int16)
    items, classes = np.array([4, 0, 0, 1, 3]), np.array([1, 3, 5, 7, 0])
    assert real_accuracy(top1, items, classes) == Figure(pytest.approx(2 / 3), 3)  # type: ignore[arg-type]


def test_nothing_accepted() -> None:
    none = np.empty(0, np.intp)
    assert real_accuracy(np.array([0]), none, none) == Figure(None, 0, "no item has an accepted class and a prediction")
