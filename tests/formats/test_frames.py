"""Dataframes through the Arrow PyCapsule interface, from a library that offers nothing else, and from real ones."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats import ArrowTable, read_labels, read_predictions
from regrade.formats.frames import FrameSource
from regrade.records.classes import ClassList
from regrade.records.items import Split


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


def test_pandas_and_pyarrow_are_read(split: Split, classes: ClassList) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow, which pandas needs for the interface, is not installed")
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    columns = {"id": ["c", "a", "b"], "predicted_class": [2, 0, 1]}
    for frame in (pandas.DataFrame(columns), pandas.DataFrame(columns).set_index("id"), pyarrow.table(columns)):
        (predictions,) = read_predictions(frame, split=split, classes=classes, model="m")
        assert predictions.classes.tolist() == [[0], [1], [2]]
