"""The labels of a dataset: columns of verdicts as in Parquet, or one column of classes."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from regrade.formats.frames import FrameSource
from regrade.formats.huggingface.columns import find_label_column, read_dataset_ids, read_label_cells
from regrade.formats.huggingface.opening import OpenDataset, open_dataset
from regrade.formats.huggingface.source import DatasetSource
from regrade.formats.labels import ReadLabels, read_verdict_table
from regrade.formats.places import list_some
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import Verdict

DESCRIPTION = "a Hugging Face dataset: columns correct, unclear, wrong, problematic, or one of classes or lists of them"


def read_dataset_labels(source: DatasetSource, *, split: Split, classes: ClassList) -> ReadLabels:
    """The label set that a dataset holds.

    With a column `correct` the columns are those of Parquet. Else the label column alone counts: every class in it is
    correct, nothing else is judged, and a row without one is not covered.

    Args:
        source: The dataset and its columns; its ids come from where they came from for items.
        split: The split that it is for; the dataset may cover part of it.
        classes: The classes of the benchmark.

    Raises:
        InputError: The dataset cannot be read; an item or class is unknown; an item comes twice.
    """
    with open_dataset(source) as opened:
        ids = pl.DataFrame({"id": read_dataset_ids(opened, source)})
        if source.label_column is None and Verdict.CORRECT.value in opened.data.features:
            frame = _read_verdicts(opened, ids, classes, source)
        else:
            frame = _read_classes(opened, ids, classes, source)
        n_empty = len(ids) - len(frame)
        warnings = (f"{n_empty:,} of {len(ids):,} rows have no label and are not covered.",) if n_empty else ()
        read = read_verdict_table(FrameSource(frame, opened.place.where), split, classes)
    return replace(read, warnings=(*read.warnings, *warnings))


def _read_verdicts(opened: OpenDataset, ids: pl.DataFrame, classes: ClassList, source: DatasetSource) -> pl.DataFrame:
    lists = [verdict.value for verdict in Verdict if verdict.value in opened.data.features]
    singles = [name for name in ("original_label", "problematic") if name in opened.data.features]
    columns = [read_label_cells(opened, name, classes, source) for name in (*lists, *singles)]
    return _with_empty(ids.with_columns(columns))


def _read_classes(opened: OpenDataset, ids: pl.DataFrame, classes: ClassList, source: DatasetSource) -> pl.DataFrame:
    column = find_label_column(opened, source, lists=True)
    if column is None:
        raise opened.place.file_error(
            "a column of labels",
            got=f"the columns {list_some(list(opened.data.features), 20)}",
            remedy="Name one with --label COLUMN.",
        )
    cells = read_label_cells(opened, column, classes, source)
    lists = cells if isinstance(cells.dtype, pl.List) else cells.reshape((-1, 1)).cast(pl.List(cells.dtype))
    frame = ids.with_columns(lists.list.drop_nulls().alias(Verdict.CORRECT.value))
    return _with_empty(frame.filter(pl.col(Verdict.CORRECT.value).list.len() > 0))


def _with_empty(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with a column of nothing for each list that is not there, and nothing problematic."""
    nothing = pl.lit(None, dtype=pl.List(pl.Int32))
    missing = [nothing.alias(verdict.value) for verdict in Verdict if verdict.value not in frame.columns]
    if "problematic" not in frame.columns:
        missing.append(pl.lit(value=False).alias("problematic"))
    return frame.with_columns(missing)
