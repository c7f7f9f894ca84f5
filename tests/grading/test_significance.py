"""McNemar's exact test against scipy and statsmodels; Holm's adjustment against statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from regrade.grading import holm_adjusted, mcnemar_p


@pytest.mark.parametrize(
    ("n_only_a", "n_only_b", "p"),
    [
        pytest.param(0, 0, 1.0, id="none"),
        pytest.param(0, 1, 1.0, id="one"),  # 2 * 1/2
        pytest.param(0, 5, 2 / 32, id="one side"),
        pytest.param(2, 2, 1.0, id="even"),  # 2 * 11/16 is cut to 1
        pytest.param(1, 3, 2 * 5 / 16, id="four"),  # 2 * (1 + 4) / 16
    ],
)
def test_mcnemar_by_hand(n_only_a: int, n_only_b: int, p: float) -> None:
    assert mcnemar_p(n_only_a, n_only_b) == pytest.approx(p, abs=1e-15)
    assert mcnemar_p(n_only_b, n_only_a) == mcnemar_p(n_only_a, n_only_b)


@pytest.mark.parametrize(
    ("n_only_a", "n_only_b"), [(3, 9), (10, 10), (0, 40), (489, 528), (341, 2460), (12_000, 12_300)]
)
def test_mcnemar_is_that_of_scipy_and_statsmodels(n_only_a: int, n_only_b: int) -> None:
    p = mcnemar_p(n_only_a, n_only_b)
    assert p == pytest.approx(binomtest(n_only_a, n_only_a + n_only_b).pvalue, rel=1e-9, abs=1e-300)
    theirs = mcnemar([[50, n_only_a], [n_only_b, 7]], exact=True).pvalue
    assert p == pytest.approx(min(theirs, 1.0), rel=1e-9, abs=1e-300)


def test_mcnemar_of_many_at_once_is_that_of_each() -> None:
    a, b = np.meshgrid(np.arange(8), np.arange(8))
    assert mcnemar_p(a, b).tolist() == [
        [float(mcnemar_p(*pair)) for pair in zip(*rows, strict=True)] for rows in zip(a, b, strict=True)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_that_of_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.round(rng.random(40) ** 3, 2)  # rounded, so that some are equal
    assert holm_adjusted(p) == pytest.approx(multipletests(p, method="holm")[1], abs=1e-15)


def test_holm_of_none_and_of_one() -> None:
    assert holm_adjusted(np.array([])).tolist() == []
    assert holm_adjusted(np.array([0.03])).tolist() == [0.03]


def test_holm_does_not_hang_on_the_order() -> None:
    p = np.array([0.2, 0.01, 0.01, 0.9, 0.04])
    order = np.array([3, 0, 4, 2, 1])
    assert holm_adjusted(p[order]).tolist() == holm_adjusted(p)[order].tolist()
    # 5 * 0.01 twice, 3 * 0.04, 2 * 0.2, 1 * 0.9
    assert holm_adjusted(p) == pytest.approx([0.4, 0.05, 0.05, 0.9, 0.12], abs=1e-15)
