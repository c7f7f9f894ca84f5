"""One predicted class an item."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_predictions
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write
    from tests.formats.predictions.conftest import Read, ReadOne


@pytest.mark.parametrize("column", ["id", "file", "file_name"])
def test_rows_are_joined_by_id(write: Write, read_one: ReadOne, column: str) -> None:
    predictions = read_one(
        write("p.csv", f"{column},predicted_class,predicted_probability\nb,n2,0.5\nc,3,1\na,0,0.25\n")
    )
    assert predictions.classes.tolist() == [[0], [1], [3]]
    assert predictions.scores is not None
    assert predictions.scores.tolist() == [[0.25], [0.5], [1.0]]
    assert predictions.score_kind == "probability"


def test_an_id_in_another_unicode_form_is_found(write: Write) -> None:
    split = Split("main", ("caf\u00e9",), np.array([0], np.int32), ("",))
    file = write("p.csv", "id,predicted_class\ncafe\u0301,0\n")
    classes = ClassList(("n1",), ("x",), ("",), ("",))
    assert read_predictions(file, split=split, classes=classes, model="m")[0].classes.tolist() == [[0]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param("a,0,1\na,1,1\n", "row 3: expected each item once; got 'a' again", id="item twice"),
        pytest.param("a,0,1\nd,1,1\n", "row 3: expected an item of the split main", id="unknown item"),
        pytest.param("a,0,2\n", "row 2: expected a probability from 0 to 1 .*; got '2'", id="probability"),
        pytest.param(
            "a,,0.5\n", "row 2: expected a score for every predicted class, and none without|a score", id="no class"
        ),
        pytest.param("a,4,0.5\n", r"row 2: expected a class id 0\.\.3", id="C"),
    ],
)
def test_bad_rows_are_refused(write: Write, read: Read, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"p.csv, {message}"):
        read(write("p.csv", f"id,predicted_class,predicted_probability\n{rows}"), allow_missing=True)


@pytest.mark.shared_data
def test_rows_in_class_order_equal_the_array_in_file_order(
    shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split
) -> None:
    """imagenetx_ResNet50.csv and top5/resnet50.npy are the same weights (data README, Traps)."""
    folder = shared_data / "predictions_val"
    read = [
        read_predictions(folder / name, split=imagenet_split, classes=imagenet_classes, model="resnet50")[0]
        for name in ("imagenetx_ResNet50.csv", "top5/resnet50.npy")
    ]
    np.testing.assert_array_equal(read[0].classes[:, 0], read[1].classes[:, 0])
    assert read[0].score_kind == "probability"


@pytest.mark.shared_data
def test_cleanlab(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    path = shared_data / "imagenet" / "cleanlab_predictions.csv"
    [predictions] = read_predictions(path, split=imagenet_split, classes=imagenet_classes, model="cleanlab")
    # Golden: top-1 0.72732.
    assert (predictions.classes[:, 0] == imagenet_split.labels).mean() == pytest.approx(0.72732, abs=1e-9)
