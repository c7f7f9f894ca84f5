"""Files read into records: everything is checked before anything is returned."""

from regrade.formats.catalog import FORMATS
from regrade.formats.classes import CLASS_FILE_COLUMNS, read_classes
from regrade.formats.embeddings import read_embeddings
from regrade.formats.equivalences import read_equivalences
from regrade.formats.exports import choose_export, describe_exports
from regrade.formats.frames import ArrowTable
from regrade.formats.hierarchy import read_hierarchy
from regrade.formats.huggingface import (
    DatasetSource,
    iter_image_files,
    read_dataset_classes,
    read_dataset_items,
    read_dataset_labels,
)
from regrade.formats.images import ScannedImages, name_class_folders, scan_images
from regrade.formats.items import ReadItems, read_items
from regrade.formats.judgements import holds_judgements, read_judgements
from regrade.formats.labels import ReadLabels, read_labels
from regrade.formats.paths import FilePath, as_path
from regrade.formats.predictions import read_predictions
from regrade.formats.questionnaires import (
    choose_questionnaire,
    describe_questionnaires,
    write_answered,
    write_questionnaire,
)
from regrade.formats.reviewer_names import read_reviewer_names
from regrade.formats.reviews import TASKS, ReviewContext, choose_review_export, read_reviews, write_reviews

__all__ = [
    "CLASS_FILE_COLUMNS",
    "FORMATS",
    "TASKS",
    "ArrowTable",
    "DatasetSource",
    "FilePath",
    "ReadItems",
    "ReadLabels",
    "ReviewContext",
    "ScannedImages",
    "as_path",
    "choose_export",
    "choose_questionnaire",
    "choose_review_export",
    "describe_exports",
    "describe_questionnaires",
    "holds_judgements",
    "iter_image_files",
    "name_class_folders",
    "read_classes",
    "read_dataset_classes",
    "read_dataset_items",
    "read_dataset_labels",
    "read_embeddings",
    "read_equivalences",
    "read_hierarchy",
    "read_items",
    "read_judgements",
    "read_labels",
    "read_predictions",
    "read_reviewer_names",
    "read_reviews",
    "scan_images",
    "write_answered",
    "write_questionnaire",
    "write_reviews",
]
