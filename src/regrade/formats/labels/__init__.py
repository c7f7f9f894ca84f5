"""Label files: one module a format."""

from regrade.formats.labels.assembly import ReadLabels
from regrade.formats.labels.human_accuracy import read_human_accuracy
from regrade.formats.labels.real import read_real
from regrade.formats.labels.registry import LABEL_FORMATS, read_labels
from regrade.formats.labels.verdict_table import read_verdict_table

__all__ = ["LABEL_FORMATS", "ReadLabels", "read_human_accuracy", "read_labels", "read_real", "read_verdict_table"]
