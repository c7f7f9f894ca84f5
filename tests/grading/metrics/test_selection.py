"""AUROC for being wrong, and risk-coverage, on arrays."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from regrade.grading.metrics import risk_coverage_area, risk_coverage_curve, wrong_auroc
from regrade.records.metrics import Figure


def test_auroc_worked_by_hand() -> None:
    # Wrong .2 .5, right .5 .9: pairs (.2, .5) and (.2, .9) and (.5, .9) won, (.5, .5) tied: 3.5 of 4.
    figure = wrong_auroc(np.array([0.2, 0.5, 0.5, 0.9]), np.array([False, False, True, True]))
    assert figure == Figure(3.5 / 4, 4)


@pytest.mark.parametrize("n_values", [5, 50, 10_000], ids=["many ties", "ties", "few ties"])
def test_auroc_equals_scikit_learn(n_values: int) -> None:
    rng = np.random.default_rng(n_values)
    confidence = (rng.integers(0, n_values, 800) / n_values).astype(np.float32)
    right = rng.random(800) < 0.5 + confidence / 2
    assert wrong_auroc(confidence, right).value == pytest.approx(roc_auc_score(~right, -confidence))


@pytest.mark.parametrize("right", [[True, True], [False, False], []], ids=["all right", "all wrong", "no item"])
def test_auroc_is_undefined_without_both_kinds(right: list[bool]) -> None:
    figure = wrong_auroc(np.arange(len(right), dtype=np.float64), np.array(right, np.bool_))
    assert figure == Figure(None, len(right), "it needs right items and wrong ones")


def test_risk_coverage_worked_by_hand() -> None:
    # Surest first: right, wrong, right, wrong: risks 0, 1/2, 1/3, 1/2; their mean 1/3.
    confidence, right = np.array([0.6, 0.9, 0.3, 0.8]), np.array([True, True, False, False])
    curve = risk_coverage_curve(confidence, right)
    assert curve.coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert curve.risk.tolist() == [0, 1 / 2, 1 / 3, 1 / 2]
    assert risk_coverage_area(confidence, right) == Figure(pytest.approx(1 / 3), 4)  # type: ignore[arg-type]


def test_ties_are_the_mean_over_all_their_orders() -> None:
    right, confidence = np.array([True, False, False, True, True]), np.array([0.9, 0.5, 0.5, 0.5, 0.1])
    orders = [np.array([0, *middle, 4]) for middle in permutations([1, 2, 3])]
    risks = [np.cumsum(~right[order]) / np.arange(1, 6) for order in orders]
    np.testing.assert_allclose(risk_coverage_curve(confidence, right).risk, np.mean(risks, axis=0))


def test_a_confidence_that_tells_nothing_has_the_share_of_wrong_items_as_area() -> None:
    right = np.array([True, False, True, True])
    assert risk_coverage_area(np.full(4, 0.5), right).value == pytest.approx(1 / 4)
    assert wrong_auroc(np.full(4, 0.5), right).value == 0.5


def test_no_item_has_no_area() -> None:
    none = np.empty(0)
    assert risk_coverage_area(none, none.astype(np.bool_)) == Figure(None, 0, "no graded item has a confidence")
    assert len(risk_coverage_curve(none, none.astype(np.bool_)).risk) == 0
