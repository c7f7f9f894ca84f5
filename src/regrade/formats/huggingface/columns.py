"""What the columns of a dataset hold, and which of them are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from regrade.extras import import_extra
from regrade.formats.class_cells import UNKNOWN, ClassLookup
from regrade.formats.frames import FrameSource
from regrade.formats.huggingface.opening import OpenDataset
from regrade.formats.huggingface.pictures import name_images
from regrade.formats.huggingface.source import DatasetSource
from regrade.formats.item_ids import ID_COLUMNS, read_ids
from regrade.formats.normalization import normalize
from regrade.formats.places import list_some, show
from regrade.records.classes import ClassList

NO_NUMBER = -1
"""By convention of the library, the class number of a row whose label is not known."""


def find_image_column(opened: OpenDataset, source: DatasetSource) -> str | None:
    """The column of images; None if there is none.

    Raises:
        InputError: The named one holds none, or there are several.
    """
    image = import_extra("datasets", "huggingface").Image
    found = [name for name, feature in opened.data.features.items() if isinstance(feature, image)]
    if source.image_column is not None:
        return _require(opened, source.image_column, found, "images")
    if len(found) > 1:
        raise opened.place.file_error(
            "one column of images", got=list_some(found), remedy="Name one with --image COLUMN."
        )
    return found[0] if found else None


def find_label_column(opened: OpenDataset, source: DatasetSource, *, lists: bool) -> str | None:
    """The column of labels; None if there is none.

    Args:
        opened: The dataset.
        source: What the caller says of it.
        lists: Whether it may hold several classes a row; if not, such a column counts for none.

    Raises:
        InputError: The named one is not there, or there are several.
    """
    features = opened.data.features
    if source.label_column is not None:
        column = _require(opened, source.label_column, list(features), "labels")
        return column if lists or not _is_list(features[column]) else None
    found = [name for name, feature in features.items() if _names(feature) and (lists or not _is_list(feature))]
    if len(found) > 1:
        raise opened.place.file_error(
            "one column of class labels", got=list_some(found), remedy="Name one with --label COLUMN."
        )
    return found[0] if found else "label" if "label" in features else None


def class_names(opened: OpenDataset, column: str) -> tuple[str, ...] | None:
    """Names of the classes that the numbers of a column stand for; None where the dataset says none."""
    return _names(opened.data.features[column])


def read_class_list_names(opened: OpenDataset, source: DatasetSource) -> tuple[str, ...]:
    """Names of all classes, in the order of their numbers.

    Raises:
        InputError: No column says them.
    """
    column = find_label_column(opened, source, lists=True)
    names = None if column is None else class_names(opened, column)
    if names is None:
        raise opened.place.file_error(
            "a column of class labels, which names the classes",
            got=f"the columns {list_some(list(opened.data.features), 20)}",
            remedy="Name the classes with --classes FILE.",
        )
    return names


def read_dataset_ids(opened: OpenDataset, source: DatasetSource) -> list[str]:
    """The id of each row: a column of ids, else the names of the images where each is another, else row numbers.

    Raises:
        InputError: The named column is not there, or holds no ids.
    """
    features = opened.data.features
    column = source.id_column or next((name for name in ID_COLUMNS if name in features), None)
    if column is not None:
        _require(opened, column, list(features), "ids")
        return read_ids(read_frame(opened, [column]).table, column)
    image = find_image_column(opened, source)
    names = name_images(opened, image) if image else None
    if names is not None and len(set(names)) == len(names):
        return [normalize(name) for name in names]
    return [str(row) for row in range(len(opened.data))]


def read_frame(opened: OpenDataset, columns: Sequence[str]) -> FrameSource:
    """Some columns as a dataframe.

    Raises:
        InputError: They cannot be handed on.
    """
    return FrameSource(opened.data.select_columns(list(columns)).with_format("arrow")[:], opened.place.where)


def read_label_cells(opened: OpenDataset, column: str, classes: ClassList, source: DatasetSource) -> pl.Series:
    """The cells of a label column with class ids in place of the dataset's own class numbers.

    What a column without class names holds (ids, keys, or lists of them) is given as it is; a number of -1 is none.

    Raises:
        InputError: A class of the dataset is none of the benchmark's, two of them are the same one, or a number is that
            of no class.
    """
    cells = read_frame(opened, [column]).table.frame[column]
    is_list = isinstance(cells.dtype, pl.List)
    if not (cells.dtype.inner if isinstance(cells.dtype, pl.List) else cells.dtype).is_integer():
        return cells
    names = class_names(opened, column)
    number = pl.element() if is_list else pl.col(column)
    known: pl.Expr = pl.when(number != NO_NUMBER).then(number)
    if names is not None:
        _check_numbers(opened, cells, len(names))
        numbers = dict(enumerate(_match_classes(opened, names, classes, source)))
        known = known.replace_strict(numbers, default=None, return_dtype=pl.Int32)
    if is_list:
        known = pl.col(column).list.eval(known.drop_nulls())
    return cells.to_frame().select(known.alias(column)).to_series()


def _check_numbers(opened: OpenDataset, cells: pl.Series, n_classes: int) -> None:
    is_list = isinstance(cells.dtype, pl.List)
    lowest, highest = (cells.list.min(), cells.list.max()) if is_list else (cells, cells)
    bad = ((lowest < NO_NUMBER) | (highest >= n_classes)).fill_null(value=False).arg_true()
    if len(bad):
        got = show(cells.to_list()[int(bad[0])])
        raise opened.place.error(f"class numbers 0 to {n_classes - 1}, or -1 for none", got=got, rows=bad.to_list())


def _match_classes(
    opened: OpenDataset, names: Sequence[str], classes: ClassList, source: DatasetSource
) -> Sequence[int]:
    """The class id of each class number of the dataset."""
    if source.by_number:
        if len(names) != len(classes):
            raise opened.place.file_error(
                f"{len(classes)} classes", got=str(len(names)), remedy="Leave --class-numbers out."
            )
        return range(len(names))
    lookup = ClassLookup(classes, names=True)
    found = [lookup.find_text(name) for name in names]
    odd = [name for at, name in enumerate(names) if found[at] == UNKNOWN or found[at] in found[:at]]
    if odd:
        raise opened.place.file_error(
            "classes that are called by a key, an id or a unique name of the benchmark's, each by another",
            got=list_some([show(name) for name in odd], 3),
            remedy="If the numbers of the classes are the benchmark's class ids, add --class-numbers.",
        )
    return found


def _require(opened: OpenDataset, column: str, found: Sequence[str], what: str) -> str:
    if column not in found:
        raise opened.place.file_error(
            f"a column of {what}",
            got=f"{column}; there are {list_some([*opened.data.features], 20)}",
            remedy="Check the spelling.",
        )
    return column


def _is_list(feature: Any) -> bool:
    return isinstance(feature, list) or hasattr(feature, "feature")


def _names(feature: Any) -> tuple[str, ...] | None:
    """Class names of a feature, or of the elements of a list feature."""
    inner = feature[0] if isinstance(feature, list) else getattr(feature, "feature", feature)
    is_labels = isinstance(inner, import_extra("datasets", "huggingface").ClassLabel)
    return tuple(inner.names) if is_labels and inner.names else None
