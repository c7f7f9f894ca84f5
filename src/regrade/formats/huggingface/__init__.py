"""Hugging Face datasets, read with the library `datasets` (extra `huggingface`)."""

from regrade.formats.huggingface.items import ReadDataset, iter_image_files, read_dataset_classes, read_dataset_items
from regrade.formats.huggingface.labels import read_dataset_labels
from regrade.formats.huggingface.source import DatasetSource

__all__ = [
    "DatasetSource",
    "ReadDataset",
    "iter_image_files",
    "read_dataset_classes",
    "read_dataset_items",
    "read_dataset_labels",
]
