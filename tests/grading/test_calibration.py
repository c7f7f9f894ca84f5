"""Calibration of one model, on the toy benchmark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import numpy as np
import pytest

from regrade.grading import prepare_key
from regrade.grading.calibration import N_POINTS, calibrate
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.metrics import ReliabilityBin, RiskPoint
from regrade.records.predictions import NO_CLASS, Predictions

MakePredictions = Callable[..., Predictions]
TOP = [1, 3, 1, 1, 2, 0, 4, 3]
SURE = [0.75, 0.5, 0.875, 0.25, 0.5, 0.625, 0.375, 0.125]
# Graded: 0 1 2 3 5 6; right 0 (.75), 2 (.875), 6 (.375); wrong 1 (.5) and 3 (.25), judged; 5 (.625), unreviewed.
# Problematic: 4 (.5). Not covered: 7.


@pytest.fixture
def predictions(make_predictions: MakePredictions) -> Predictions:
    return make_predictions([[top] for top in TOP], scores=[[score] for score in SURE])


def test_worked_by_hand(toy_split: Split, toy_labels: LabelSet, predictions: Predictions) -> None:
    row = calibrate(predictions, prepare_key(toy_labels, toy_split, ref="toy@1"), n_bins=2)
    assert (row.model, row.labels, row.policy, row.slice) == ("toy", "toy@1", "multilabel", None)
    assert (row.n_graded, row.n_without_confidence, row.n_right, row.n_wrong) == (6, 0, 3, 3)
    assert (row.n_unreviewed, row.n_problematic) == (1, 1)
    assert (row.accuracy, row.mean_confidence) == (1 / 2, 3.375 / 6)
    assert row.mean_confidence_right == 2 / 3
    assert row.mean_confidence_wrong == pytest.approx(1.375 / 3)
    assert (row.mean_confidence_unreviewed, row.mean_confidence_problematic) == (0.625, 0.5)
    # Bins .25 .375 .5 (wrong right wrong) and .625 .75 .875 (wrong right right).
    assert row.bins == (ReliabilityBin(3, 0.25, 0.5, 0.375, 1 / 3), ReliabilityBin(3, 0.625, 0.875, 0.75, 2 / 3))
    assert row.calibration_error == pytest.approx((3 * (0.375 - 1 / 3) + 3 * (0.75 - 2 / 3)) / 6)
    # Pairs (wrong, right): .5 and .25 below .75 and .875, .625 too; .375 only above .25: 7 of 9.
    assert row.wrong_auroc == pytest.approx(7 / 9)
    # Surest first: right right wrong wrong right wrong.
    risks = [0, 0, 1 / 3, 2 / 4, 2 / 5, 3 / 6]
    assert row.risk_coverage == tuple(RiskPoint((at + 1) / 6, pytest.approx(risk)) for at, risk in enumerate(risks))  # type: ignore[arg-type]
    assert row.risk_coverage_area == pytest.approx(sum(risks) / 6)
    assert not any("undefined" in note for note in row.notes)


def test_items_without_a_score_or_a_prediction_are_left_out(
    toy_split: Split, toy_labels: LabelSet, make_predictions: MakePredictions
) -> None:
    top, sure = list(TOP), list(SURE)
    top[2], sure[2] = NO_CLASS, np.nan  # missing: not graded
    sure[3] = sure[4] = np.nan  # graded, and problematic, without a score
    predictions = make_predictions([[c] for c in top], scores=[[score] for score in sure])
    row = calibrate(predictions, prepare_key(toy_labels, toy_split, ref="toy@1"))
    assert (row.n_graded, row.n_without_confidence, row.n_right, row.n_wrong, row.n_problematic) == (5, 1, 2, 2, 0)
    assert row.mean_confidence == (0.75 + 0.5 + 0.625 + 0.375) / 4
    assert "mean_confidence_problematic is undefined: there is no such item." in row.notes


def test_scores_that_are_no_probabilities_have_no_calibration_error(
    toy_split: Split, toy_labels: LabelSet, predictions: Predictions
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    row = calibrate(replace(predictions, score_kind="score"), key)
    assert (row.calibration_error, row.bins) == (None, ())
    assert "calibration_error is undefined: the scores are no probabilities." in row.notes
    assert row.wrong_auroc == calibrate(predictions, key).wrong_auroc


def test_without_scores_every_figure_is_undefined(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    row = calibrate(toy_predictions, prepare_key(toy_labels, toy_split, ref="toy@1"))
    figures = [
        value for name, value in asdict(row).items() if name.startswith(("mean", "calib", "wrong", "risk_c", "acc"))
    ]
    assert [value for value in figures if value not in (None, ())] == []
    assert (row.n_graded, row.n_without_confidence, row.bins) == (6, 6, ())
    assert "All figures are undefined: the source has no scores." in row.notes


def test_a_source_that_names_only_mistakes_is_as_one_without_scores(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy="real")
    row = calibrate(replace(toy_predictions, only_mistakes=True), key)
    assert (row.n_graded, row.n_without_confidence, row.accuracy) == (0, 0, None)


def test_the_curve_has_at_most_twenty_points(make_predictions: MakePredictions) -> None:
    n = 1_003
    rng = np.random.default_rng(0)
    split = Split("main", tuple(map(str, range(n))), rng.integers(0, 6, n, dtype=np.int32), ("",) * n)
    items = np.arange(n, dtype=np.int32)
    codes = np.full(n, 2, np.int8)
    labels = LabelSet("main", 6, items, split.labels, np.zeros(n, np.bool_), items, split.labels, codes)
    predictions = make_predictions(rng.integers(0, 6, (n, 1)).tolist(), scores=rng.random((n, 1)).tolist())
    row = calibrate(predictions, prepare_key(labels, split, ref="a@1"))
    assert len(row.risk_coverage) == N_POINTS
    # the first coverages that reach 1/20, 2/20, ... of 1,003 items: 51, 101, ... 1,003 of them
    assert [round(point.coverage * n) for point in row.risk_coverage] == [-(-step * n // 20) for step in range(1, 21)]
    assert row.accuracy is not None
    assert row.risk_coverage[-1].risk == pytest.approx(1 - row.accuracy)
