"""Grading, pure: predictions and an answer key in, grades and mistakes out; and models compared with each other."""

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
from regrade.grading.lineup import Lineup, line_up
from regrade.grading.mistakes import find_mistakes
from regrade.grading.paired import count_pairs, one_sided_items
from regrade.grading.policies import policy_names
from regrade.grading.significance import holm_adjusted, mcnemar_p

__all__ = [
    "NEAR_COPIES",
    "AnswerKey",
    "Interval",
    "Lineup",
    "accept_equivalences",
    "class_mean_interval",
    "contrast_kinds",
    "count_pairs",
    "describe_pairs",
    "error_consistency",
    "find_clusters",
    "find_mistakes",
    "grade",
    "grade_all",
    "holm_adjusted",
    "kappa_matrix",
    "line_up",
    "mcnemar_p",
    "one_sided_items",
    "paired_differences",
    "policy_names",
    "prepare_key",
    "score_ensemble",
    "wilson_interval",
]
