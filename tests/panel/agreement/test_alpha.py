"""Krippendorff's alpha: by hand, on the published example, and against the krippendorff package."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest

from regrade.panel.agreement import count_ratings, group_alphas, krippendorff_alpha
from regrade.records.metrics import Figure
from tests.panel.agreement.panels import MISSING, make_ratings, ratings_of, table_of

_ = MISSING
PUBLISHED = [
    # Krippendorff 2011, section C: four observers, twelve units, some of them not rated by all.
    [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
]


def test_by_hand() -> None:
    # Four units with two ratings each (and one with one, left out): aa, aa, ab, bb. n = 8, n_a = 5, n_b = 3.
    # S = (4 - 2) / 1 = 2 from the third unit. alpha = 1 - (8 - 1) * 2 / (64 - 25 - 9) = 1 - 14 / 30.
    counts = np.array([[2, 0], [2, 0], [1, 1], [0, 2], [1, 0]])
    assert krippendorff_alpha(counts) == Figure(pytest.approx(1 - 14 / 30), 4)  # type: ignore[arg-type]


def test_the_published_example() -> None:
    figure = krippendorff_alpha(count_ratings(ratings_of(PUBLISHED, n_codes=6)))
    assert figure.value == pytest.approx(0.743, abs=5e-4)
    assert figure.n == 11  # the last unit has one rating


@pytest.mark.parametrize("seed", range(20))
def test_equals_the_krippendorff_package(seed: int) -> None:
    ratings = make_ratings(seed, n_codes=2 + seed % 4)
    table = table_of(ratings)
    reliability_data = np.where(table == MISSING, np.nan, table)
    expected = krippendorff.alpha(reliability_data, level_of_measurement="nominal")
    assert krippendorff_alpha(count_ratings(ratings)).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "n", "why"),
    [
        pytest.param(np.zeros((0, 3), int), 0, "no two reviewers", id="empty"),
        pytest.param([[1, 0], [0, 1], [0, 0]], 0, "no two reviewers", id="one rating each"),
        pytest.param([[2, 0], [3, 0]], 2, "all answers are the same", id="one value"),
    ],
)
def test_undefined(counts: list[list[int]], n: int, why: str) -> None:
    figure = krippendorff_alpha(np.array(counts))
    assert (figure.value, figure.n) == (None, n)
    assert figure.why.startswith(why)


def test_never_agreeing_is_below_chance() -> None:
    # Two units, both ab: S = 4, n = 4, n_a = n_b = 2: alpha = 1 - 3 * 4 / (16 - 8) = -0.5.
    assert krippendorff_alpha(np.array([[1, 1], [1, 1]])).value == pytest.approx(-0.5)


def test_groups_are_panels_of_their_own() -> None:
    counts = count_ratings(make_ratings(3))
    groups = np.arange(len(counts)) % 4
    found = group_alphas(counts, groups, n_groups=5)
    for group in range(4):
        alone = krippendorff_alpha(counts[groups == group])
        assert (found.alpha[group], found.n_units[group]) == (pytest.approx(alone.value), alone.n)
    assert found.n_units[4] == 0
    assert np.isnan(found.alpha[4])
