"""The classes and items of a dataset, and its images as files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import polars as pl

from regrade.formats.classes import name_classes
from regrade.formats.huggingface.columns import (
    find_image_column,
    find_label_column,
    read_class_list_names,
    read_dataset_ids,
    read_label_cells,
)
from regrade.formats.huggingface.opening import OpenDataset, open_dataset
from regrade.formats.huggingface.pictures import find_files, find_suffix, iter_pictures, read_content
from regrade.formats.huggingface.source import DatasetSource
from regrade.formats.items import ReadItems, assemble_items
from regrade.formats.tables import Table
from regrade.records.classes import ClassList

DESCRIPTION = "a Hugging Face dataset: a folder of save_to_disk, Parquet, or a folder of images with metadata"


@dataclass(frozen=True, slots=True, eq=False)
class ReadDataset:
    """The items that a dataset holds."""

    items: ReadItems
    folder: Path | None
    """The folder below which the images stand already, if they do."""
    digest: str | None
    """What the images are known by where they are still to be written (`iter_image_files`): a digest of all of them."""


def read_dataset_classes(source: DatasetSource) -> ClassList:
    """The classes that a dataset's class labels name; key and name are what it calls them.

    Raises:
        InputError: The dataset cannot be read, or names no classes.
    """
    with open_dataset(source) as opened:
        return name_classes(read_class_list_names(opened, source), opened.place)


def read_dataset_items(source: DatasetSource, *, split: str, classes: ClassList) -> ReadDataset:
    """The rows of a dataset as items, in its order; every image is looked at.

    Args:
        source: The dataset and its columns.
        split: Name of the split.
        classes: The classes of the benchmark.

    Raises:
        InputError: The dataset cannot be read; an id comes twice; a class is none of the benchmark's; an image is no
            raster image.
    """
    with open_dataset(source) as opened:
        image = find_image_column(opened, source)
        files = find_files(opened, image) if image else None
        plan = _plan_files(opened, image) if image and files is None else None
        paths = files or (plan.paths if plan else [""] * len(opened.data))
        frame = pl.DataFrame({"id": read_dataset_ids(opened, source), "path": paths})
        label = find_label_column(opened, source, lists=False)
        if label is not None:
            frame = frame.with_columns(read_label_cells(opened, label, classes, source).alias("label"))
        read = assemble_items(Table(frame, opened.place, typed=False), "id", split=split, classes=classes)
    return ReadDataset(read, opened.folder if files is not None else None, plan.digest if plan else None)


def iter_image_files(source: DatasetSource) -> Iterator[tuple[str, bytes]]:
    """Path and content of each image, under the paths that the items of the dataset have.

    Raises:
        InputError: The dataset cannot be read.
    """
    with open_dataset(source) as opened:
        image = find_image_column(opened, source)
        if image is not None:
            yield from _iter_files(opened, image)


class _Plan(NamedTuple):
    paths: list[str]
    """(n,) path that each image will have; empty where a row has none."""
    digest: str


def _plan_files(opened: OpenDataset, column: str) -> _Plan:
    """Looks at every image, so that nothing is stored of a dataset that holds something else."""
    digest = hashlib.sha256()
    paths = [""] * len(opened.data)
    for path, data in _iter_files(opened, column):
        paths[int(PurePosixPath(path).stem)] = path
        digest.update(f"{path} {len(data)}\n".encode())
        digest.update(data)
    return _Plan(paths, digest.hexdigest())


def _iter_files(opened: OpenDataset, column: str) -> Iterator[tuple[str, bytes]]:
    width = len(str(len(opened.data) - 1))
    for row, picture in enumerate(iter_pictures(opened, column)):
        if picture is not None:
            data = read_content(picture, opened, row)
            yield f"{row:0{width}}{find_suffix(data, opened, row)}", data
