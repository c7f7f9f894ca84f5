"""Reliability curve and calibration error on arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.calibration import calibration_curve

from regrade.grading.metrics import calibration_error, reliability_curve
from regrade.records.metrics import Figure, ReliabilityBin


def test_worked_by_hand() -> None:
    # Two bins of three. Confidences .1 .2 .3 with one right: mean .2, accuracy 1/3, gap 2/15.
    # .6 .8 1 with two right: mean .8, accuracy 2/3, gap 2/15. Error (3 * 2/15 + 3 * 2/15) / 6 = 2/15.
    confidence = np.array([0.8, 0.1, 0.6, 0.3, 1.0, 0.2])
    right = np.array([True, False, False, True, True, False])
    low, high = reliability_curve(confidence, right, n_bins=2)
    assert (low.n, low.lowest, low.highest, low.mean_confidence, low.accuracy) == pytest.approx(
        (3, 0.1, 0.3, 0.2, 1 / 3)
    )
    assert (high.n, high.lowest, high.highest) == (3, 0.6, 1.0)
    assert (high.mean_confidence, high.accuracy) == pytest.approx((0.8, 2 / 3))
    assert calibration_error(confidence, right, n_bins=2) == Figure(pytest.approx(2 / 15), 6)  # type: ignore[arg-type]


def test_equal_confidences_share_the_bin_of_their_middle_rank() -> None:
    # Ranks 0; 1 to 4 (middle 2.5 of 6: (1 + 4/2) / 6 * 3 = 1.5, bin 1); 5. Bins of 1, 4 and 1.
    confidence = np.array([0.1, 0.5, 0.5, 0.5, 0.5, 0.9])
    curve = reliability_curve(confidence, np.array([False, True, False, False, False, True]), n_bins=3)
    assert [(row.n, row.mean_confidence, row.accuracy) for row in curve] == [
        (1, 0.1, 0.0),
        (4, 0.5, 0.25),
        (1, 0.9, 1.0),
    ]


def test_all_equal_is_one_bin() -> None:
    curve = reliability_curve(np.full(8, 0.75), np.arange(8) < 6, n_bins=15)
    assert curve == (ReliabilityBin(8, 0.75, 0.75, 0.75, 0.75),)
    assert calibration_error(np.full(8, 0.75), np.arange(8) < 6) == Figure(0.0, 8)


def test_more_bins_than_items_leaves_bins_out() -> None:
    assert [row.n for row in reliability_curve(np.array([0.2, 0.4]), np.array([True, True]), n_bins=15)] == [1, 1]


def _case(seed: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    confidence = rng.random(600)
    return confidence, rng.random(600) < confidence**2


@pytest.mark.parametrize("seed", range(4))
def test_bins_without_ties_are_scikit_learns_quantile_bins(seed: int) -> None:
    confidence, right = _case(seed)
    share, mean = calibration_curve(right, confidence, n_bins=15, strategy="quantile")
    curve = reliability_curve(confidence, right)
    assert [row.n for row in curve] == [40] * 15
    np.testing.assert_allclose([row.accuracy for row in curve], share)
    np.testing.assert_allclose([row.mean_confidence for row in curve], mean)
    gap = np.abs(share - mean).mean()  # bins of 40 each weigh alike
    assert calibration_error(confidence, right).value == pytest.approx(gap)


def test_a_calibrated_model_errs_little_and_a_boastful_one_by_its_boast() -> None:
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.3, 0.8, 200_000)
    right = rng.random(200_000) < truth
    calibrated, boastful = calibration_error(truth, right).value, calibration_error(truth + 0.2, right).value
    assert calibrated is not None
    assert calibrated < 0.006
    assert boastful == pytest.approx(0.2, abs=0.006)


def test_no_item() -> None:
    none = np.empty(0)
    assert reliability_curve(none, none.astype(np.bool_)) == ()
    assert calibration_error(none, none.astype(np.bool_)) == Figure(None, 0, "no graded item has a confidence")
