"""Intervals: against hand-worked figures and statsmodels, and their coverage, exact and by simulation.

Wilson's interval of an item mean covers 93.3 to 97 % for 68 to 50,000 items and accuracies from 0.4 to 0.99: that is
summed up exactly. A class mean over single items is an item mean, and so is its interval.

The coverage of class means was simulated with 2,000 to 40,000 runs a cell for accuracies from 0.4 to 0.99, with classes
all alike and with class accuracies spread as a beta distribution of concentration 10. It is 93 to 98 % for the full
benchmark, 200 and 1,000 classes of 2 to 20 items, 10, 50 and 100 classes of 5 to 20 items, 1,000 single items, and 68
items of 60 classes up to an accuracy of 0.98. It falls short, and the tests of coverage leave it out, for

- 10 classes of 2 to 20 items: 91 to 93 % up to an accuracy of 0.9, for a class of two weighs as much as one of twenty;
- 50 classes of 2 to 20 items at 0.95 and above with unlike classes: 90 to 92 %; 100 such classes at 0.99: 92.8 %;
- about one expected mistake, at 0.99: 68 items of 60 classes 90 to 91 %, 100 items of 10 classes 92 %.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import beta, binom
from statsmodels.stats.proportion import proportion_confint

from regrade.grading import class_mean_interval, wilson_interval
from regrade.grading.intervals import Z_95

ACCURACIES = (0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
DESIGNS = {
    "1,000 classes of 2 to 20": np.resize(np.arange(2, 21), 1000),
    "1,000 single items": np.full(1000, 1),
    "10 classes of 5 to 20": np.resize(np.arange(5, 21), 10),
    "50 classes of 5 to 20": np.resize(np.arange(5, 21), 50),
    "100 classes of 5 to 20": np.resize(np.arange(5, 21), 100),
    "60 classes, 68 items": np.r_[np.full(52, 1), np.full(8, 2)],
}
SMALLEST = "60 classes, 68 items"
CELLS = [(design, accuracy) for design in DESIGNS for accuracy in ACCURACIES if (design, accuracy) != (SMALLEST, 0.99)]
SHORT_DESIGNS = {
    "10 classes of 2 to 20": (np.arange(2, 21, 2), 0.6, 0.91),
    "60 classes, 68 items, 0.99": (DESIGNS[SMALLEST], 0.99, 0.905),
}


@pytest.mark.parametrize("n", [1, 2, 7, 68, 1000, 18_692, 46_837])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.98, 1.0])
def test_wilson_equals_statsmodels(share: float, n: int) -> None:
    n_right = round(share * n)
    interval = wilson_interval(n_right / n, n)
    assert interval is not None
    low, high = proportion_confint(n_right, n, alpha=0.05, method="wilson")
    assert interval == pytest.approx((low, high), abs=1e-12)
    assert 0 <= interval.low <= n_right / n <= interval.high <= 1


def test_wilson_reaches_0_and_1_exactly() -> None:
    nothing_right, all_right = wilson_interval(0.0, 3), wilson_interval(1.0, 3)
    assert nothing_right is not None
    assert all_right is not None
    assert nothing_right.low == 0.0
    assert all_right.high == 1.0
    assert nothing_right.high == pytest.approx(1 - all_right.low)


def test_nothing_observed_has_no_interval() -> None:
    assert wilson_interval(float("nan"), 0) is None
    assert class_mean_interval(np.array([], np.int64), np.array([], np.int64)) is None
    assert class_mean_interval(np.array([0, 0]), np.array([0, 0])) is None


def test_z_is_the_normal_quantile() -> None:
    assert pytest.approx(1.959963984540054, abs=1e-15) == Z_95


@pytest.mark.parametrize(
    ("n_right", "n_graded", "p", "n_effective"),
    [
        # p_c = 1/2, 1/2. V = (1/4 / 9 + 1/4 / 19) / 4; n = 1/4 / V = 4 / (1/9 + 1/19) = 171/7;
        # 2 n0 = 2 * 4 / (1/10 + 1/20) = 160/3.
        pytest.param([5, 10], [10, 20], 0.5, 171 / 7, id="two classes"),
        # An empty class changes nothing.
        pytest.param([5, 0, 10], [10, 0, 20], 0.5, 171 / 7, id="a class without items"),
        # p_c = 1, 0: V = 0, so n0 = 4 / (1/2 + 1/2) = 4, p = 1/2.
        pytest.param([2, 0], [2, 2], 0.5, 4, id="no spread within classes"),
        # All right: V = 0 again, n0 = 9 / (1 + 1/2 + 1/2) = 4.5.
        pytest.param([1, 2, 2], [1, 2, 2], 1.0, 4.5, id="all right"),
        # p_c = 1, 0, 1/2; p = 1/2. Pooled: 3 of 6, so the singletons count 1/4 each; the third 1/4 / 3.
        # V = (1/4 + 1/4 + 1/12) / 9 = 7/108; n = 1/4 / V = 27/7; 2 n0 = 2 * 9 / (1 + 1 + 1/4) = 8.
        pytest.param([1, 0, 2], [1, 1, 4], 0.5, 27 / 7, id="singletons"),
        # p_c = 1, 0, 1/2; p = 1/2. V = (0 + 0 + 1/4 / 3) / 9 = 1/108; n would be 27; 2 n0 = 2 * 9 / (3/4) = 24.
        pytest.param([4, 0, 2], [4, 4, 4], 0.5, 24, id="capped"),
        # The pooled share is the item mean 11/12, not the class mean (1 + 9/10 + 1) / 3 = 29/30.
        # V = (2 * 11/144 + 9/100 / 9) / 9; p (1 - p) = 29/900; n = 29/900 / V; 2 n0 = 2 * 9 / 2.1.
        pytest.param([1, 9, 1], [1, 10, 1], 29 / 30, (29 / 900) / ((22 / 144 + 1 / 100) / 9), id="pooled by item"),
    ],
)
def test_class_mean_by_hand(n_right: list[int], n_graded: list[int], p: float, n_effective: float) -> None:
    interval = class_mean_interval(np.array(n_right), np.array(n_graded))
    assert interval == pytest.approx(wilson_interval(p, n_effective), abs=1e-12)


@pytest.mark.parametrize("n_right", [0, 1, 13, 67, 68])
def test_class_mean_of_single_items_is_wilson(n_right: int) -> None:
    # V = C^-2 * C p (1 - p), so n = p (1 - p) / V = C.
    singles = np.repeat([1, 0], [n_right, 68 - n_right])
    assert class_mean_interval(singles, np.full(68, 1)) == pytest.approx(wilson_interval(n_right / 68, 68), abs=1e-12)


def test_class_mean_of_one_class_is_nearly_wilson() -> None:
    # One class: V = p (1 - p) / (n - 1), so n is one less.
    assert class_mean_interval(np.array([30]), np.array([40])) == pytest.approx(wilson_interval(0.75, 39), abs=1e-12)


def simulate_coverage(n_graded: npt.NDArray[np.int64], shares: npt.NDArray[np.float64], n_runs: int) -> float:
    """How often the interval holds the mean of the true shares."""
    rng = np.random.default_rng(20_220_509)
    truth = float(shares.mean())
    n_held = 0
    for n_right in rng.binomial(n_graded, shares, size=(n_runs, len(n_graded))):
        interval = class_mean_interval(n_right, n_graded)
        assert interval is not None
        n_held += interval.low <= truth <= interval.high
    return n_held / n_runs


def spread_shares(accuracy: float, n_classes: int) -> npt.NDArray[np.float64]:
    """Class accuracies at the even quantiles of a beta distribution of concentration 10, in random order."""
    quantiles = beta.ppf((np.arange(n_classes) + 0.5) / n_classes, 10 * accuracy, 10 * (1 - accuracy))
    return np.random.default_rng(3).permutation(quantiles)


@pytest.mark.parametrize(("design", "accuracy"), CELLS)
def test_coverage(design: str, accuracy: float) -> None:
    n_graded = DESIGNS[design]
    n_runs = 2_000 if len(n_graded) == 1_000 else 5_000
    for shares in (np.full(len(n_graded), accuracy), spread_shares(accuracy, len(n_graded))):
        assert 0.93 <= simulate_coverage(n_graded, shares, n_runs) <= 0.98


@pytest.mark.shared_data
@pytest.mark.parametrize("accuracy", ACCURACIES)
def test_coverage_on_the_full_benchmark(accuracy: float, benchmark_sizes: npt.NDArray[np.int64]) -> None:
    for shares in (np.full(1000, accuracy), spread_shares(accuracy, 1000)):
        assert 0.93 <= simulate_coverage(benchmark_sizes, shares, 2_000) <= 0.98


@pytest.mark.parametrize("n", [68, 200, 500, 1_000, 10_000, 18_692, 50_000])
def test_coverage_of_an_item_mean(n: int) -> None:
    """The chance of all numbers of right items whose interval holds the true share, summed up: no simulation."""
    n_right = np.arange(n + 1)
    ends = np.array([wilson_interval(count / n, n) for count in n_right])
    for share in ACCURACIES:
        holds = (ends[:, 0] <= share) & (share <= ends[:, 1])
        assert 0.93 <= binom.pmf(n_right[holds], n, share).sum() <= 0.98


@pytest.mark.parametrize("design", SHORT_DESIGNS)
def test_coverage_falls_short_where_we_say_so(design: str) -> None:
    n_graded, accuracy, expected = SHORT_DESIGNS[design]
    coverage = simulate_coverage(n_graded, np.full(len(n_graded), accuracy), 10_000)
    assert coverage == pytest.approx(expected, abs=0.012)
