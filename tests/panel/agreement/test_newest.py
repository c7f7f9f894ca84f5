"""Which answers count: the same ones as one item after the other, whatever reviewers do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel import effective_reviews
from regrade.panel.agreement import newest_rows
from regrade.records.panel import Review

answers = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2), st.integers(0, 3)), max_size=14)
"""(reviewer, item, class, 0 for problematic)."""


def choose(said: list[tuple[int, int, int, int]]) -> list[int]:
    columns = np.array(said, dtype=np.int64).reshape(-1, 4).T
    rows: list[int] = newest_rows(columns[0], columns[1], columns[2], columns[3] == 0).tolist()
    return rows


@given(said=answers)
def test_equals_the_rule_for_one_item(said: list[tuple[int, int, int, int]], review_of: Callable[..., Review]) -> None:
    expected: list[int] = []
    for item in (0, 1):
        rows = [
            review_of(row, str(reviewer), None) if flag == 0 else review_of(row, str(reviewer), class_id, "wrong")
            for row, (reviewer, where, class_id, flag) in enumerate(said)
            if where == item
        ]
        expected += [review.id for review in effective_reviews(rows)]
    assert choose(said) == sorted(expected)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([(0, 0, 1, 1), (0, 0, 1, 1)], [1], id="changed"),
        pytest.param([(0, 0, 1, 1), (0, 0, 0, 0)], [1], id="called problematic"),
        pytest.param([(0, 0, 1, 1), (0, 0, 0, 0), (0, 0, 2, 1)], [2], id="and taken back"),
        pytest.param([(0, 0, 1, 1), (1, 0, 0, 0), (0, 1, 1, 1)], [0, 1, 2], id="others and other items"),
    ],
)
def test_by_hand(said: list[tuple[int, int, int, int]], expected: list[int]) -> None:
    assert choose(said) == expected
