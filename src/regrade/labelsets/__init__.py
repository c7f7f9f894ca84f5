"""Label sets, pure: make the first version, apply decisions, compare versions, check what came from outside."""

from regrade.labelsets.check import check_label_set
from regrade.labelsets.diff import ChangeCounts, count_changes, diff_labels
from regrade.labelsets.original import original_labels
from regrade.labelsets.publish import publish_decisions

__all__ = [
    "ChangeCounts",
    "check_label_set",
    "count_changes",
    "diff_labels",
    "original_labels",
    "publish_decisions",
]
