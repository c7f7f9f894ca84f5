"""Files read into records: everything is checked before anything is returned."""

from regrade.formats.catalog import FORMATS
from regrade.formats.classes import read_classes
from regrade.formats.equivalences import read_equivalences
from regrade.formats.exports import choose_export, describe_exports
from regrade.formats.frames import ArrowTable
from regrade.formats.hierarchy import read_hierarchy
from regrade.formats.images import ScannedImages, scan_images
from regrade.formats.items import ReadItems, read_items
from regrade.formats.judgements import read_judgements
from regrade.formats.labels import ReadLabels, read_labels
from regrade.formats.predictions import read_predictions

__all__ = [
    "FORMATS",
    "ArrowTable",
    "ReadItems",
    "ReadLabels",
    "ScannedImages",
    "choose_export",
    "describe_exports",
    "read_classes",
    "read_equivalences",
    "read_hierarchy",
    "read_items",
    "read_judgements",
    "read_labels",
    "read_predictions",
    "scan_images",
]
