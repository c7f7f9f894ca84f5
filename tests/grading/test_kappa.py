"""Error consistency against scikit-learn's Cohen's kappa, and where it is undefined."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from regrade.grading import error_consistency


@pytest.mark.parametrize(
    ("cells", "kappa"),
    [
        # observed 35/50; chance 25/50 * 30/50 + 25/50 * 20/50 = 1/2; (0.7 - 0.5) / 0.5
        pytest.param((20, 5, 10, 15), 0.4, id="textbook"),
        pytest.param((3, 0, 0, 7), 1.0, id="always together"),
        pytest.param((0, 5, 5, 0), -1.0, id="never together"),
        # observed 8/10; chance 8/10: one makes no mistake, so there is nothing to be consistent with
        pytest.param((0, 0, 2, 8), 0.0, id="one is perfect"),
        pytest.param((1, 1, 1, 1), 0.0, id="independent"),
    ],
)
def test_by_hand(cells: tuple[int, int, int, int], kappa: float) -> None:
    assert error_consistency(*cells) == pytest.approx(kappa, abs=1e-15)


@pytest.mark.parametrize("cells", [(0, 0, 0, 0), (0, 0, 0, 9), (9, 0, 0, 0)])
def test_undefined_where_chance_explains_everything(cells: tuple[int, int, int, int]) -> None:
    assert np.isnan(error_consistency(*cells))


@pytest.mark.parametrize("seed", range(10))
def test_is_that_of_scikit_learn(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shared = rng.random(300) < rng.random()
    a, b = (np.where(rng.random(300) < 0.3, rng.random(300) < 0.5, shared) for _ in range(2))
    cells = [np.count_nonzero(rows) for rows in (a & b, a & ~b, ~a & b, ~a & ~b)]
    assert error_consistency(*cells) == pytest.approx(cohen_kappa_score(a, b), abs=1e-12)


def test_arrays_keep_their_shape() -> None:
    kappas = error_consistency([[20, 3], [0, 0]], [[5, 0], [0, 5]], [[10, 0], [0, 5]], [[15, 7], [9, 0]])
    assert kappas[0].tolist() == [0.4, 1.0]
    assert np.isnan(kappas[1, 0])
    assert kappas[1, 1] == -1.0
