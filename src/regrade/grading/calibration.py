"""One model's calibration: how far its confidence can be trusted under a key."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.keys import AnswerKey
from regrade.grading.marking import Marks, mark
from regrade.grading.metrics.confidence import mean_confidence
from regrade.grading.metrics.reliability import N_BINS, calibration_error, reliability_curve
from regrade.grading.metrics.selection import risk_coverage_area, risk_coverage_curve, wrong_auroc
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.metrics import Calibration, Figure, RiskPoint
from regrade.records.predictions import Predictions

N_POINTS = 20
"""The risk-coverage curve of a `Calibration` is given at so many even coverages."""


def calibrate(predictions: Predictions, key: AnswerKey, *, n_bins: int = N_BINS) -> Calibration:
    """Hold one model's confidence against what is right under a key.

    Args:
        predictions: One model's predictions for the key's split; the score of the top-1 class is its confidence, higher
            is surer.
        key: The labels and the policy.
        n_bins: Bins of equal mass of the reliability curve and the calibration error, >= 1.

    Returns:
        Figures over the graded items that have a prediction and a score; items without a score are counted. Where there
        is none, all are None, with the reason in `notes`. The reliability curve and the calibration error need
        probabilities; the other figures only need an order. Ties in confidence never let the order of items matter.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    marks = mark(predictions, key)
    scored = _score_items(predictions, key, marks)
    figures = _measure(scored, predictions, n_bins)
    is_probability = predictions.score_kind == "probability"
    return Calibration(
        model=predictions.model,
        labels=key.labels,
        policy=key.policy,
        slice=key.slice,
        n_graded=len(key.items) - len(marks.left_out),
        n_without_confidence=len(key.items) - len(marks.left_out) - len(scored.right),
        accuracy=float(scored.right.mean()) if len(scored.right) else None,
        n_right=figures["mean_confidence_right"].n,
        n_wrong=figures["mean_confidence_wrong"].n,
        n_unreviewed=figures["mean_confidence_unreviewed"].n,
        n_problematic=figures["mean_confidence_problematic"].n,
        bins=reliability_curve(scored.confidence, scored.right, n_bins=n_bins) if is_probability else (),
        risk_coverage=_sample(scored),
        notes=(*key.notes, *marks.notes, *_reasons(predictions, figures)),
        **{name: figure.value for name, figure in figures.items()},
    )


class _Scored(NamedTuple):
    """The graded items that have a confidence, in the key's order; and the confidence of the problematic ones."""

    confidence: npt.NDArray[np.float64]
    right: npt.NDArray[np.bool_]
    unreviewed: npt.NDArray[np.bool_]
    problematic: npt.NDArray[np.float64]


def _score_items(predictions: Predictions, key: AnswerKey, marks: Marks) -> _Scored:
    scores = np.full(len(predictions.classes), np.nan)
    if predictions.scores is not None:
        scores[:] = predictions.scores[:, 0]
    known = ~np.isnan(scores[key.items])
    known[marks.left_out] = False
    right, unreviewed = np.ones(len(key.items), np.bool_), np.zeros(len(key.items), np.bool_)
    right[marks.wrong] = False
    unreviewed[marks.wrong] = marks.codes == UNREVIEWED_CODE
    problematic = scores[key.problematic]
    return _Scored(scores[key.items][known], right[known], unreviewed[known], problematic[~np.isnan(problematic)])


def _measure(scored: _Scored, predictions: Predictions, n_bins: int) -> dict[str, Figure]:
    confidence, right = scored.confidence, scored.right
    error = calibration_error(confidence, right, n_bins=n_bins)
    if predictions.score_kind == "score":
        error = Figure(None, error.n, "the scores are no probabilities")
    return {
        "calibration_error": error,
        "wrong_auroc": wrong_auroc(confidence, right),
        "risk_coverage_area": risk_coverage_area(confidence, right),
        "mean_confidence": mean_confidence(confidence),
        "mean_confidence_right": mean_confidence(confidence[right]),
        "mean_confidence_wrong": mean_confidence(confidence[~right]),
        "mean_confidence_unreviewed": mean_confidence(confidence[scored.unreviewed]),
        "mean_confidence_problematic": mean_confidence(scored.problematic),
    }


def _reasons(predictions: Predictions, figures: dict[str, Figure]) -> tuple[str, ...]:
    """Why figures are undefined: one sentence where the source has no scores, else one a figure."""
    if predictions.scores is None:
        return ("All figures are undefined: the source has no scores.",)
    return tuple(f"{name} is undefined: {figure.why}." for name, figure in figures.items() if figure.value is None)


def _sample(scored: _Scored) -> tuple[RiskPoint, ...]:
    """The risk-coverage curve at the first coverages that reach 1/20, 2/20, ... 1."""
    n = len(scored.right)
    if n == 0:
        return ()
    curve = risk_coverage_curve(scored.confidence, scored.right)
    n_kept = np.unique(-(-np.arange(1, N_POINTS + 1) * n // N_POINTS))
    return tuple(RiskPoint(float(curve.coverage[row]), float(curve.risk[row])) for row in n_kept - 1)
