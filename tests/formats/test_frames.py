"""Dataframes through the Arrow PyCapsule interface, from a library that offers nothing else, and from real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from regrade.errors import InputError
from regrade.formats import ArrowTable, read_items, read_labels, read_predictions
from regrade.formats.frames import FrameSource
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split


class OnlyArrow:
    """A dataframe that is known to nobody and speaks the interface."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


class Broken:
    """A dataframe that lacks what it needs to hand its rows on."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        raise ImportError("Import pyarrow failed. Use pip.")


WIDE = pl.DataFrame(
    {"file": ["b", "a", "c"], "pred1": [1, 0, 2], "pred2": ["n1", "n2", "n4"], "prob1": [0.5, 0.75, 1.0]}
)


def test_rows_and_types_are_kept_and_categories_become_text() -> None:
    frame = WIDE.with_columns(pl.col("pred2").cast(pl.Categorical))
    table = FrameSource(OnlyArrow(frame), "frame").table
    assert table.frame.equals(WIDE)
    assert not table.typed


@pytest.mark.parametrize("frame", [WIDE, OnlyArrow(WIDE)], ids=["polars", "another library"])
def test_predictions_are_read_from_a_dataframe(frame: ArrowTable, split: Split, classes: ClassList) -> None:
    frame = OnlyArrow(WIDE.drop("prob1")) if isinstance(frame, OnlyArrow) else WIDE.drop("prob1")
    (predictions,) = read_predictions(frame, split=split, classes=classes, model="m")
    assert predictions.classes.tolist() == [[0, 1], [1, 0], [2, 3]]


def test_labels_are_read_from_a_dataframe(split: Split, classes: ClassList) -> None:
    frame = pl.DataFrame(
        {"id": ["a", "b"], "correct": [[0, 3], [1]], "unclear": [[], [2]], "wrong": [[], []], "problematic": [0, 1]}
    )
    labels = read_labels(OnlyArrow(frame), split=split, classes=classes).labels
    assert labels.items.tolist() == [0, 1]
    assert labels.pair_classes.tolist() == [0, 3, 1, 2]
    assert labels.problematic.tolist() == [False, True]


def test_a_bad_row_of_a_dataframe_is_named(split: Split, classes: ClassList) -> None:
    frame = OnlyArrow(WIDE.with_columns(pred1=pl.Series([1, 4, 2])))
    with pytest.raises(InputError, match=r"dataframe of m, row index 1: expected a class id 0\.\.3.*; got 4"):
        read_predictions(frame, split=split, classes=classes, model="m")


def test_a_dataframe_of_no_known_columns_says_what_it_has(split: Split, classes: ClassList) -> None:
    frame = OnlyArrow(pl.DataFrame({"x": [1]}))
    with pytest.raises(InputError, match=r"fits none of them \(frame with the columns x\)"):
        read_predictions(frame, split=split, classes=classes, model="m")


def test_a_dataframe_that_cannot_hand_on_its_rows_says_why() -> None:
    with pytest.raises(InputError, match=r"got ImportError: Import pyarrow failed\. Use pip\. Convert .* pyarrow"):
        FrameSource(Broken(), "frame")


def test_a_column_is_no_dataframe() -> None:
    with pytest.raises(InputError, match=r"frame: expected a dataframe .*; got SchemaError"):
        FrameSource(WIDE["pred1"], "frame")


def test_what_is_neither_file_nor_dataframe_is_refused() -> None:
    with pytest.raises(InputError, match="expected a file or a dataframe; got a value of type ndarray"):
        FrameSource(np.zeros(3), "frame")  # type: ignore[arg-type]


LIBRARIES: dict[str, Callable[[dict[str, Any]], ArrowTable]] = {
    "pandas": pd.DataFrame,
    "pandas with an index": lambda columns: pd.DataFrame(columns).set_index("id"),
    "polars": pl.DataFrame,
    "pyarrow": pa.table,
}


@pytest.mark.parametrize("make", LIBRARIES.values(), ids=LIBRARIES)
def test_items_labels_and_predictions_are_read_from_every_library(
    make: Callable[[dict[str, Any]], ArrowTable], split: Split, classes: ClassList
) -> None:
    ids = ["c", "a", "b"]
    items = read_items(make({"id": ids, "label": ["n3", None, "n2"]}), split="main", classes=classes).split
    assert (items.ids, items.labels.tolist()) == (("c", "a", "b"), [2, NO_LABEL, 1])
    lists = {"correct": [[2], [0, 3], [1]], "unclear": [[], [1], []], "wrong": [[], [2], []]}
    labels = read_labels(make({"id": ids, **lists, "problematic": [True, False, False]}), split=split, classes=classes)
    assert labels.labels.pair_classes.tolist() == [0, 1, 2, 3, 1, 2]  # of a, b and c, each by class
    assert labels.labels.problematic.tolist() == [False, False, True]
    (predictions,) = read_predictions(
        make({"id": ids, "predicted_class": [2, 0, 1]}), split=split, classes=classes, model="m"
    )
    assert predictions.classes.tolist() == [[0], [1], [2]]


def test_numbers_are_ids_of_items_too(classes: ClassList) -> None:
    read = read_items(pl.DataFrame({"row": [7, 8], "class_id": [0, 1]}), split="main", classes=classes, id_column="row")
    assert (read.split.ids, read.split.media) == (("7", "8"), ("", ""))
