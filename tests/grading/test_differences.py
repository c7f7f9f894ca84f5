"""The paired difference: by hand, against the paired t test, and its coverage by simulation.

Coverage was simulated with 2,000 to 5,000 runs a cell, for accuracies from 0.4 to 0.99, differences of 0, 2 and 10
points, models independent and strongly correlated, and classes alike and unlike (class accuracies spread as a beta
distribution of concentration 10). Where fifteen and more discordant items are expected it is 94 to 98 % for one class
of 500 and of 18,692 items, 5 classes of 20, 10 classes of 2 to 20, 50 and 100 classes of 2 to 20, 50 classes of 2, 68
items of 60 classes, 200 and 1,000 single items, 1,000 classes of 2 to 20, and the full benchmark. The exceptions, also
held here:

- with about a dozen discordant items expected and one model 10 points ahead, up to 99 %, since an interval is given
  only where there happen to be ten;
- 10 classes of 2 to 144 items: 94.6 to 99.6 %, for a class of two weighs as much as one of 144;
- one class of 500 beside 50 of one item: 89 to 100 %, for the spread within the large one need not be that of the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import beta, t, ttest_1samp

from regrade.grading import paired_differences

ACCURACIES = (0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
DESIGNS = {
    "1,000 classes of 2 to 20": np.resize(np.arange(2, 21), 1000),
    "1,000 single items": np.full(1000, 1),
    "100 classes of 2 to 20": np.resize(np.arange(2, 21), 100),
    "100 classes of 5 to 20": np.resize(np.arange(5, 21), 100),
    "50 classes of 2 to 20": np.resize(np.arange(2, 21), 50),
    "50 classes of 2": np.full(50, 2),
    "10 classes of 2 to 20": np.arange(2, 21, 2),
    "10 classes of 5 to 20": np.resize(np.arange(5, 21), 10),
    "5 classes of 20": np.full(5, 20),
    "60 classes, 68 items": np.r_[np.full(52, 1), np.full(8, 2)],
    "200 single items": np.full(200, 1),
    "item mean of 500": np.array([500]),
    "item mean of 18,692": np.array([18_692]),
}
MIN_EXPECTED = 15


class Cell(NamedTuple):
    """One simulation: both models' accuracies, how strongly they are correlated, and whether classes are alike."""

    accuracy: float
    gap: float
    correlation: float
    unlike: bool


class Truth(NamedTuple):
    """(C,) chance, for an item of each class, that only A is wrong and that only B is; and the true difference."""

    only_a: npt.NDArray[np.float64]
    only_b: npt.NDArray[np.float64]
    difference: float


def make_truth(n_items: npt.NDArray[np.int64], cell: Cell) -> Truth:
    n_classes = len(n_items)
    a, b = (
        _class_shares(cell.accuracy + sign * cell.gap / 2, n_classes)
        if cell.unlike
        else np.full(n_classes, cell.accuracy + sign * cell.gap / 2)
        for sign in (1, -1)
    )
    both = cell.correlation * np.minimum(a, b) + (1 - cell.correlation) * a * b
    return Truth(b - both, a - both, float((a - b).mean()))


def _class_shares(accuracy: float, n_classes: int) -> npt.NDArray[np.float64]:
    quantiles = (np.arange(n_classes) + 0.5) / n_classes
    shares: npt.NDArray[np.float64] = beta.ppf(quantiles, 10 * accuracy, 10 * (1 - accuracy))
    return np.random.default_rng(3).permutation(shares)


def n_expected(n_items: npt.NDArray[np.int64], truth: Truth) -> float:
    return float((n_items * (truth.only_a + truth.only_b)).sum())


def simulate_coverage(n_items: npt.NDArray[np.int64], truth: Truth, n_runs: int = 2_000) -> float:
    """How often an interval holds the true difference, of the runs that have one."""
    rng = np.random.default_rng(20_220_509)
    only_a = rng.binomial(n_items, truth.only_a, size=(n_runs, len(n_items)))
    only_b = rng.binomial(n_items - only_a, np.clip(truth.only_b / (1 - truth.only_a), 0, 1))
    found = paired_differences(only_a, only_b, n_items)
    given = ~np.isnan(found.low)
    assert given.mean() > 0.3
    return float(((found.low <= truth.difference) & (truth.difference <= found.high))[given].mean())


def cells() -> list[tuple[str, Cell]]:
    """Every design with every accuracy, twice, where enough discordant items are expected."""
    chosen = []
    for design, n_items in DESIGNS.items():
        for at, accuracy in enumerate(ACCURACIES):
            for cell in (
                Cell(accuracy, 0.0, 0.0, at % 2 == 1),
                Cell(accuracy, 0.02 * (accuracy < 0.99), 0.7, at % 2 == 0),
            ):
                is_large = len(n_items) == 1_000
                if n_expected(n_items, make_truth(n_items, cell)) >= MIN_EXPECTED and not (is_large and at % 3):
                    chosen.append((design, cell))
    return chosen


@pytest.mark.parametrize(("design", "cell"), cells())
def test_coverage(design: str, cell: Cell) -> None:
    n_items = DESIGNS[design]
    assert 0.93 <= simulate_coverage(n_items, make_truth(n_items, cell)) <= 0.98


@pytest.mark.shared_data
@pytest.mark.parametrize("accuracy", ACCURACIES)
def test_coverage_on_the_full_benchmark(accuracy: float, benchmark_sizes: npt.NDArray[np.int64]) -> None:
    for cell in (Cell(accuracy, 0.0, 0.7, True), Cell(accuracy, 0.01, 0.7, False), Cell(accuracy, 0.0, 0.0, True)):
        assert 0.93 <= simulate_coverage(benchmark_sizes, make_truth(benchmark_sizes, cell)) <= 0.98


@pytest.mark.parametrize(
    ("n_items", "cell", "expected"),
    [
        pytest.param(np.full(50, 2), Cell(0.9, 0.1, 0.7, False), 0.986, id="a dozen expected, one far ahead"),
        pytest.param(
            np.array([2, 3, 5, 8, 13, 21, 34, 55, 89, 144]), Cell(0.98, 0.0, 0.0, False), 0.996, id="unlike sizes"
        ),
        pytest.param(np.r_[500, np.full(50, 1)], Cell(0.4, 0.0, 0.7, True), 0.892, id="one large class beside singles"),
    ],
)
def test_coverage_is_another_where_we_say_so(n_items: npt.NDArray[np.int64], cell: Cell, expected: float) -> None:
    assert simulate_coverage(n_items, make_truth(n_items, cell), 10_000) == pytest.approx(expected, abs=0.01)


def one(only_a: list[int], only_b: list[int], n_items: list[int]) -> tuple[float, float, float]:
    found = paired_differences(np.array(only_a), np.array(only_b), np.array(n_items))
    return float(found.value), float(found.low), float(found.high)


@pytest.mark.parametrize(("n_only_a", "n_only_b", "n"), [(3, 12, 100), (40, 41, 500), (0, 10, 11)])
def test_one_bucket_is_the_paired_t_test(n_only_a: int, n_only_b: int, n: int) -> None:
    d = np.repeat([-1, 1, 0], [n_only_a, n_only_b, n - n_only_a - n_only_b])
    theirs = ttest_1samp(d, 0).confidence_interval(0.95)
    expected = (d.mean(), theirs.low, min(theirs.high, 1.0))
    assert one([n_only_a], [n_only_b], [n]) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("only_a", "only_b", "n_items", "value", "variance", "df"),
    [
        # d: 5 of -1 and 5 of 1 among 20; 2 of 1 among 4. s^2 = 10/19 and (2 - 4/4) / 3 = 1/3.
        # V = (10/19/20 + 1/12) / 4. All: sum 2, squares 12, n 24, s^2 = (12 - 4/24) / 23; half of its V is smaller.
        # df = (1/38 + 1/12)^2 / ((1/38)^2 / 19 + (1/12)^2 / 3).
        pytest.param(
            [5, 0],
            [5, 2],
            [20, 4],
            0.25,
            (1 / 38 + 1 / 12) / 4,
            (1 / 38 + 1 / 12) ** 2 / ((1 / 38) ** 2 / 19 + (1 / 12) ** 2 / 3),
            id="two classes",
        ),
        # The empty class changes nothing.
        pytest.param(
            [5, 0, 0],
            [5, 0, 2],
            [20, 0, 4],
            0.25,
            (1 / 38 + 1 / 12) / 4,
            (1 / 38 + 1 / 12) ** 2 / ((1 / 38) ** 2 / 19 + (1 / 12) ** 2 / 3),
            id="an empty class",
        ),
        # A class of one takes the s^2 of all: sum 3, squares 11, n 21: (11 - 9/21) / 20 = 37/70, known with 20 degrees.
        # The other: sum 2, squares 10, n 20: (10 - 4/20) / 19 / 20 = 9.8 / 380.
        pytest.param(
            [4, 0],
            [6, 1],
            [20, 1],
            0.55,
            (9.8 / 380 + 37 / 70) / 4,
            (9.8 / 380 + 37 / 70) ** 2 / ((9.8 / 380) ** 2 / 19 + (37 / 70) ** 2 / 20),
            id="a class of one",
        ),
        # No spread in either class, so half of what the s^2 of all gives: sum 8, squares 12, n 12, 11 degrees.
        pytest.param([0, 2], [10, 0], [10, 2], 0.0, (12 - 64 / 12) / 11 * (1 / 10 + 1 / 2) / 8, 11, id="no spread"),
    ],
)
def test_by_hand(
    *, only_a: list[int], only_b: list[int], n_items: list[int], value: float, variance: float, df: float
) -> None:
    reach = t.ppf(0.975, df) * variance**0.5
    expected = (value, max(value - reach, -1.0), min(value + reach, 1.0))
    assert one(only_a, only_b, n_items) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("only_a", "only_b", "n_items", "value"),
    [
        pytest.param([4, 0], [0, 5], [20, 10], (-0.2 + 0.5) / 2, id="nine discordant"),
        pytest.param([0, 0], [7, 8], [7, 8], 1.0, id="the same on every item"),
        pytest.param([0], [0], [1], 0.0, id="one item"),
        pytest.param([1, 1], [1, 1], [3, 7], 0.0, id="no difference"),
    ],
)
def test_no_interval(only_a: list[int], only_b: list[int], n_items: list[int], value: float) -> None:
    found = one(only_a, only_b, n_items)
    assert found[0] == pytest.approx(value, abs=1e-15)
    assert np.isnan(found[1:]).all()


def test_nothing_observed_has_no_difference() -> None:
    found = paired_differences(np.zeros((2, 3), np.int64), np.zeros((2, 3), np.int64), np.zeros(3, np.int64))
    assert all(np.isnan(part).all() for part in found[:3])
    assert found.n_discordant.tolist() == [0, 0]


def test_swapping_the_models_turns_every_sign_exactly() -> None:
    rng = np.random.default_rng(5)
    n_items = rng.integers(0, 9, 30)
    only_a = rng.binomial(n_items, 0.3, size=(50, 30))
    only_b = rng.binomial(n_items - only_a, 0.4)
    one_way, other_way = paired_differences(only_a, only_b, n_items), paired_differences(only_b, only_a, n_items)
    assert one_way.value.tolist() == (-other_way.value).tolist()
    assert one_way.low.tolist() == (-other_way.high).tolist()
    assert one_way.high.tolist() == (-other_way.low).tolist()
    assert one_way.n_discordant.tolist() == other_way.n_discordant.tolist()
    assert not np.isnan(one_way.low).any()
    assert ((one_way.low >= -1) & (one_way.low <= one_way.value) & (one_way.high <= 1)).all()


def test_what_cancels_is_zero_exactly() -> None:
    # 1/20 + 1/19 - 1/20 - 1/19 over four classes leaves a rounding error in some order of the sum
    found = paired_differences(np.array([1, 1, 0, 0]), np.array([0, 0, 1, 1]), np.array([20, 19, 20, 19]))
    assert found.value == 0.0
