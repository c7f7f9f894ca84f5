"""Metrics, each by itself usable on arrays. One family a file."""

from regrade.grading.metrics.classes import ClassAccuracies, class_accuracies
from regrade.grading.metrics.confidence import mean_confidence
from regrade.grading.metrics.groups import group_counts
from regrade.grading.metrics.real import real_accuracy
from regrade.grading.metrics.reliability import calibration_error, reliability_curve
from regrade.grading.metrics.selection import RiskCoverage, risk_coverage_area, risk_coverage_curve, wrong_auroc
from regrade.grading.metrics.top_k import top_k_accuracy
from regrade.grading.metrics.unreviewed import AccuracyBounds, accuracy_bounds, unreviewed_shares
from regrade.grading.metrics.variable_top_k import variable_top_k_accuracy

__all__ = [
    "AccuracyBounds",
    "ClassAccuracies",
    "RiskCoverage",
    "accuracy_bounds",
    "calibration_error",
    "class_accuracies",
    "group_counts",
    "mean_confidence",
    "real_accuracy",
    "reliability_curve",
    "risk_coverage_area",
    "risk_coverage_curve",
    "top_k_accuracy",
    "unreviewed_shares",
    "variable_top_k_accuracy",
    "wrong_auroc",
]
