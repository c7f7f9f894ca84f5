"""Fleiss' kappa: his own table, by hand, against statsmodels, and undefined."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_kappa

from regrade.panel.agreement import fleiss_kappa

# Fleiss 1971, table 1: how many of six psychiatrists gave each of 30 patients each of five diagnoses. As 30 numbers of
# five digits, one a diagnosis.
PSYCHIATRISTS = """
    00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040
    10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def test_the_published_table() -> None:
    counts = np.array([[int(digit) for digit in patient] for patient in PSYCHIATRISTS.split()])
    assert counts.shape == (30, 5)
    assert counts.sum(axis=0).tolist() == [26, 26, 30, 55, 43]
    assert fleiss_kappa(counts).value == pytest.approx(0.430, abs=5e-4)


def test_by_hand() -> None:
    # aa, aa, ab, bb: observed (1 + 1 + 0 + 1) / 4 = 3/4; by chance (5/8)^2 + (3/8)^2 = 34/64; (48 - 34) / (64 - 34).
    figure = fleiss_kappa(np.array([[2, 0], [2, 0], [1, 1], [0, 2]]))
    assert figure.value == pytest.approx(14 / 30)
    assert figure.n == 4


@pytest.mark.parametrize("n_ratings", [2, 3, 7])
def test_equals_statsmodels(n_ratings: int) -> None:
    counts = np.random.default_rng(n_ratings).multinomial(n_ratings, [0.5, 0.3, 0.2], size=40)
    assert fleiss_kappa(counts).value == pytest.approx(statsmodels_kappa(counts), abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "n", "why"),
    [
        pytest.param(np.zeros((0, 2), int), 0, "no two reviewers have answered the same question", id="empty"),
        pytest.param([[1, 0], [0, 1]], 0, "no two reviewers have answered the same question", id="one rating each"),
        pytest.param(
            [[2, 0], [1, 3]], 2, "needs the same number of answers to every question; there are 2 to 4", id="4"
        ),
        pytest.param(
            [[2, 0], [1, 0]], 2, "needs the same number of answers to every question; there are 1 to 2", id="1"
        ),
        pytest.param([[3, 0], [3, 0]], 2, "all answers are the same", id="one value"),
    ],
)
def test_undefined(counts: list[list[int]], n: int, why: str) -> None:
    figure = fleiss_kappa(np.array(counts))
    assert (figure.value, figure.n) == (None, n)
    assert why in figure.why
