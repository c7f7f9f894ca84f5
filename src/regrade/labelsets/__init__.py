"""Label sets, pure: make the first version, apply decisions, combine and compare, check what came from outside."""

from regrade.labelsets.chance import ChanceAgreement, find_chance_agreement
from regrade.labelsets.check import check_label_set
from regrade.labelsets.combine import Combination, CombinedLabels, combine_labels
from regrade.labelsets.diff import (
    ChangeCounts,
    ClassChanges,
    count_changes,
    count_class_changes,
    diff_labels,
    find_changed_items,
)
from regrade.labelsets.original import original_labels
from regrade.labelsets.publish import publish_decisions
from regrade.labelsets.trace import trace_changes

__all__ = [
    "ChanceAgreement",
    "ChangeCounts",
    "ClassChanges",
    "Combination",
    "CombinedLabels",
    "check_label_set",
    "combine_labels",
    "count_changes",
    "count_class_changes",
    "diff_labels",
    "find_chance_agreement",
    "find_changed_items",
    "original_labels",
    "publish_decisions",
    "trace_changes",
]
