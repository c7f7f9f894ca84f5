"""Grading, pure: predictions and an answer key in, grades and mistakes out."""

from regrade.grading.equivalences import accept_equivalences
from regrade.grading.grades import grade, grade_all
from regrade.grading.intervals import Interval, class_mean_interval, wilson_interval
from regrade.grading.keys import AnswerKey, prepare_key
from regrade.grading.mistakes import find_mistakes
from regrade.grading.policies import policy_names

__all__ = [
    "AnswerKey",
    "Interval",
    "accept_equivalences",
    "class_mean_interval",
    "find_mistakes",
    "grade",
    "grade_all",
    "policy_names",
    "prepare_key",
    "wilson_interval",
]
