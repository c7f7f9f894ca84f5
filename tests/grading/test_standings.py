"""The figure that a model is ranked by, and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from regrade.grading import rank_shares


@dataclass(frozen=True)
class Case:
    shares: Sequence[float | None]
    ranks: Sequence[int | None]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(Case([], []), id="none"),
        pytest.param(Case([None], [None]), id="undefined"),
        pytest.param(Case([0.1, 0.9, 0.5], [3, 1, 2]), id="all-different"),
        pytest.param(Case([0.5, 0.9, 0.5, 0.1], [2, 1, 2, 4]), id="two-alike"),
        pytest.param(Case([0.5, 0.5, 0.5, None], [1, 1, 1, None]), id="all-alike"),
        # 0.1 + 0.2 is not 0.3 to the last bit, and both are the same figure
        pytest.param(Case([0.3, 0.1 + 0.2, 0.2], [1, 1, 3]), id="rounded-on-different-ways"),
    ],
)
def test_ranks(case: Case) -> None:
    assert rank_shares(case.shares) == tuple(case.ranks)
