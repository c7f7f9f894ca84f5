"""The line on probit scale: known lines found again, scipy says the same, strays found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import linregress, norm

from regrade.grading.lines import find_strays, fit_probit_line, follow_line

Array = npt.NDArray[np.float64]


def follow(before: Array, slope: float, intercept: float, noise: float = 0.0) -> Array:
    rng = np.random.default_rng(3)
    after: Array = norm.cdf(slope * norm.ppf(before) + intercept + noise * rng.standard_normal(len(before)))
    return after


def test_a_line_is_found_again() -> None:
    before = np.array([0.5, 0.6, 0.7, 0.8])
    line = fit_probit_line(before, follow(before, 1.25, -0.5))
    assert line is not None
    assert (line.slope, line.intercept, line.r_squared) == pytest.approx((1.25, -0.5, 1.0), abs=1e-12)
    assert line.n_models == 4
    # probit 0.5 is 0, so an accuracy of 0.5 before is Phi(-0.5) after
    assert follow_line(line, 0.5) == pytest.approx(norm.cdf(-0.5), abs=1e-12)


@pytest.mark.parametrize("n_models", [3, 9, 10, 67])
def test_the_fit_is_that_of_scipy(n_models: int) -> None:
    before = np.random.default_rng(n_models).uniform(0.2, 0.95, n_models)
    after = follow(before, 0.9, -0.3, noise=0.1)
    line, expected = fit_probit_line(before, after), linregress(norm.ppf(before), norm.ppf(after))
    assert line is not None
    assert line.slope == pytest.approx(expected.slope, abs=1e-10)
    assert line.intercept == pytest.approx(expected.intercept, abs=1e-10)
    assert line.r_squared == pytest.approx(expected.rvalue**2, abs=1e-10)
    assert (line.slope_ci_low is None) == (line.intercept_ci_high is None) == (n_models < 10)


def test_the_intervals_are_about_those_of_theory_where_its_assumptions_hold() -> None:
    before = np.random.default_rng(0).uniform(0.3, 0.95, 400)
    after = follow(before, 0.9, -0.3, noise=0.1)
    line, expected = fit_probit_line(before, after), linregress(norm.ppf(before), norm.ppf(after))
    assert line is not None
    assert line.slope_ci_low is not None
    assert line.slope_ci_high is not None
    assert line.intercept_ci_low is not None
    assert line.intercept_ci_high is not None
    width = 2 * norm.ppf(0.975)
    assert line.slope_ci_high - line.slope_ci_low == pytest.approx(width * expected.stderr, rel=0.1)
    assert line.intercept_ci_high - line.intercept_ci_low == pytest.approx(width * expected.intercept_stderr, rel=0.1)
    assert line.slope_ci_low < expected.slope < line.slope_ci_high
    assert fit_probit_line(before, after) == line  # the draws are the same each time


def test_accuracies_without_a_probit_are_left_out() -> None:
    before = np.array([0.0, 0.4, 0.6, 0.8, 1.0, 0.5])
    after = np.array([0.2, 0.3, 0.5, 0.7, 0.9, 0.0])
    assert fit_probit_line(before, after) == fit_probit_line(before[1:4], after[1:4])


@pytest.mark.parametrize(
    ("before", "after"),
    [([], []), ([0.5, 0.6], [0.4, 0.5]), ([0.5, 0.5, 0.5], [0.4, 0.5, 0.6]), ([0.5, 0.6, 1.0], [0.4, 0.5, 0.6])],
    ids=["none", "two", "one-accuracy", "two-with-a-probit"],
)
def test_too_few_different_models_have_no_line(before: list[float], after: list[float]) -> None:
    assert fit_probit_line(np.array(before), np.array(after)) is None


def test_a_flat_line_explains_all_there_is() -> None:
    line = fit_probit_line(np.array([0.4, 0.6, 0.8]), np.array([0.5, 0.5, 0.5]))
    assert line is not None
    assert (line.slope, line.intercept, line.r_squared) == (0.0, 0.0, 1.0)


class TestStrays:
    """Models far from the line of the others."""

    @pytest.fixture
    def before(self) -> Array:
        return np.linspace(0.5, 0.85, 30)

    @pytest.fixture
    def after(self, before: Array) -> Array:
        return follow(before, 1.0, -0.35, noise=0.02)

    def test_there_are_none_where_all_follow_the_line(self, before: Array, after: Array) -> None:
        assert find_strays(before, after).tolist() == []
        assert find_strays(before[:0], after[:0]).tolist() == []

    def test_ten_standard_deviations_make_one(self, before: Array, after: Array) -> None:
        # The others scatter by 0.02 about probit(after) = probit(before) - 0.35: 0.1 is five times that, 0.4 twenty.
        for distance, found in ((0.1, []), (0.4, [7]), (-0.4, [7])):
            moved = after.copy()
            moved[7] = norm.cdf(norm.ppf(before[7]) - 0.35 - distance)
            assert find_strays(before, moved).tolist() == found

    def test_a_point_beside_an_exact_line_needs_a_tenth_of_a_probit(self, before: Array) -> None:
        after = follow(before, 1.0, -0.35)
        for distance, found in ((0.09, []), (0.11, [7])):
            moved = after.copy()
            moved[7] = norm.cdf(norm.ppf(before[7]) - 0.35 - distance)
            assert find_strays(before, moved).tolist() == found

    def test_a_few_do_not_hide_each_other(self, before: Array, after: Array) -> None:
        after[[3, 4, 20, 25, 29]] = 0.01
        assert find_strays(before, after).tolist() == [3, 4, 20, 25, 29]

    def test_of_thousands_of_models_the_slope_of_some_will_do(self) -> None:
        before = np.random.default_rng(1).uniform(0.3, 0.9, 3001)
        after = follow(before, 1.0, -0.35, noise=0.02)
        after[1234] = 0.01
        assert find_strays(before, after).tolist() == [1234]

    def test_few_models_say_nothing_of_each_other(self, before: Array, after: Array) -> None:
        after[3] = 0.01
        assert find_strays(before[:10], after[:10]).tolist() == [3]
        assert find_strays(before[:9], after[:9]).tolist() == []

    def test_an_accuracy_of_0_is_none(self, before: Array, after: Array) -> None:
        after[3] = 0.0
        assert find_strays(before, after).tolist() == []

    def test_one_accuracy_says_nothing(self) -> None:
        assert find_strays(np.full(12, 0.5), np.linspace(0.1, 0.9, 12)).tolist() == []
