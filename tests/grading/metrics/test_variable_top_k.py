"""Variable top-k accuracy on arrays."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading.metrics import real_accuracy, variable_top_k_accuracy
from regrade.records.metrics import Figure
from regrade.records.predictions import NO_CLASS


def test_worked_by_hand() -> None:
    # 0: accepts 1, 4; first two ranks 1, 0: 1/2.   1: accepts 3; first is 3: 1.   2: accepts 0, 1, 2; first three
    # 4, 2, 1: 2/3.   3: accepts none: left out.   4: accepts 1, no prediction: left out. Mean (1/2 + 1 + 2/3) / 3.
    ranks = np.array([[1, 0, 4], [3, 1, 2], [4, 2, 1], [0, 1, 2], [NO_CLASS] * 3], np.int16)
    items, classes = np.array([2, 0, 2, 1, 0, 4, 2]), np.array([0, 4, 2, 3, 1, 1, 1])
    figure = variable_top_k_accuracy(ranks, items, classes)
    assert figure == Figure(pytest.approx((1 / 2 + 1 + 2 / 3) / 3), 3)  # type: ignore[arg-type]


def test_one_accepted_class_each_is_top_1() -> None:
    rng = np.random.default_rng(0)
    ranks = rng.permuted(np.tile(np.arange(6), (50, 1)), axis=1)
    classes = rng.integers(0, 6, 50)
    assert variable_top_k_accuracy(ranks, np.arange(50), classes) == real_accuracy(ranks[:, 0], np.arange(50), classes)


@pytest.mark.parametrize(
    ("ranks", "pairs", "figure"),
    [
        pytest.param(
            [[0, 1]], [], Figure(None, 0, "no item has an accepted class and a prediction"), id="none accepted"
        ),
        pytest.param(
            [[0, 1], [0, NO_CLASS]],
            [(0, 0), (1, 0), (1, 1)],
            Figure(None, 2, "fewer ranks than accepted classes on 1 of the items"),
            id="too few ranks",
        ),
        pytest.param([[0, 1], [0, NO_CLASS]], [(0, 0), (1, 0)], Figure(1.0, 2), id="enough ranks"),
    ],
)
def test_where_it_is_undefined(ranks: list[list[int]], pairs: list[tuple[int, int]], figure: Figure) -> None:
    at = np.array(pairs, np.intp).reshape(-1, 2)
    assert variable_top_k_accuracy(np.array(ranks, np.int16), at[:, 0], at[:, 1]) == figure
