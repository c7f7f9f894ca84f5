"""Grading, pure: predictions and an answer key in, grades and mistakes out; and models compared with each other."""

from regrade.grading.again import GradedModel, KeyChange, grade_again, grade_whole
from regrade.grading.breakdowns import grade_by_class, grade_by_group
from regrade.grading.calibration import calibrate
from regrade.grading.clusters import NEAR_COPIES, find_clusters
from regrade.grading.comparisons import describe_pairs, kappa_matrix
from regrade.grading.contrasts import contrast_kinds
from regrade.grading.differences import paired_differences
from regrade.grading.ensembles import score_ensemble
from regrade.grading.equivalences import accept_equivalences
from regrade.grading.grades import grade, grade_all
from regrade.grading.intervals import Interval, class_mean_interval, wilson_interval
from regrade.grading.kappa import error_consistency
from regrade.grading.keys import AnswerKey, prepare_key
from regrade.grading.lines import fit_probit_line, follow_line
from regrade.grading.lineup import Lineup, line_up
from regrade.grading.logits import LogitSheet, rank_labels
from regrade.grading.many import MeanAccuracies, mean_accuracies
from regrade.grading.means import class_means, item_means
from regrade.grading.metrics import (
    AccuracyBounds,
    ClassAccuracies,
    RiskCoverage,
    accuracy_bounds,
    calibration_error,
    class_accuracies,
    group_counts,
    mean_confidence,
    real_accuracy,
    reliability_curve,
    risk_coverage_area,
    risk_coverage_curve,
    top_k_accuracy,
    unreviewed_shares,
    variable_top_k_accuracy,
    wrong_auroc,
)
from regrade.grading.mistakes import find_mistakes
from regrade.grading.paired import count_pairs, one_sided_items
from regrade.grading.policies import policy_names
from regrade.grading.rankings import grade_ranks
from regrade.grading.shifts import describe_shift, difference_interval
from regrade.grading.significance import holm_adjusted, mcnemar_p
from regrade.grading.standings import headline, rank_shares
from regrade.grading.tallies import RightCounts, Tally, retally, tally

__all__ = [
    "NEAR_COPIES",
    "AccuracyBounds",
    "AnswerKey",
    "ClassAccuracies",
    "GradedModel",
    "Interval",
    "KeyChange",
    "Lineup",
    "LogitSheet",
    "MeanAccuracies",
    "RightCounts",
    "RiskCoverage",
    "Tally",
    "accept_equivalences",
    "accuracy_bounds",
    "calibrate",
    "calibration_error",
    "class_accuracies",
    "class_mean_interval",
    "class_means",
    "contrast_kinds",
    "count_pairs",
    "describe_pairs",
    "describe_shift",
    "difference_interval",
    "error_consistency",
    "find_clusters",
    "find_mistakes",
    "fit_probit_line",
    "follow_line",
    "grade",
    "grade_again",
    "grade_all",
    "grade_by_class",
    "grade_by_group",
    "grade_ranks",
    "grade_whole",
    "group_counts",
    "headline",
    "holm_adjusted",
    "item_means",
    "kappa_matrix",
    "line_up",
    "mcnemar_p",
    "mean_accuracies",
    "mean_confidence",
    "one_sided_items",
    "paired_differences",
    "policy_names",
    "prepare_key",
    "rank_labels",
    "rank_shares",
    "real_accuracy",
    "reliability_curve",
    "retally",
    "risk_coverage_area",
    "risk_coverage_curve",
    "score_ensemble",
    "tally",
    "top_k_accuracy",
    "unreviewed_shares",
    "variable_top_k_accuracy",
    "wilson_interval",
    "wrong_auroc",
]
