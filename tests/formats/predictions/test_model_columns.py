"""One column a model."""

from __future__ import annotations

import csv
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
    from tests.formats.predictions.conftest import Read


@pytest.fixture
def array(tmp_path: Path) -> Path:
    path = tmp_path / "p.npy"
    np.save(path, np.array([[0, 0], [1, 0], [2, 3]], np.uint16))
    return path


def test_every_column_is_a_model(write: Write, read: Read, array: Path) -> None:
    columns = write("c.csv", "column,model,top1_accuracy\n1,b,0.3\n0,a,\n")
    first, second = read(array, columns=columns)
    assert (first.model, first.classes.tolist()) == ("ma", [[0], [1], [2]])
    assert (second.model, second.classes.tolist()) == ("mb", [[0], [0], [3]])


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param("0,a\n", "c.csv: expected 2 rows, one a column of the array; got 1", id="column without a name"),
        pytest.param(
            "0,a\n2,b\n", r"c.csv, row 3: expected a column 0\.\.1 of the array; got '2'", id="unknown column"
        ),
        pytest.param("0,a\n0,b\n", "c.csv, row 3: expected each column once; got '0' again", id="column twice"),
        pytest.param("0,a\n1,a\n", "c.csv, row 3: expected each model once; got 'a' again", id="name twice"),
        pytest.param("0,a\n1,\n", "c.csv, row 3: expected a value in the column model", id="empty name"),
        pytest.param('0,a\n1,"b\n"\n', "c.csv, row 3: expected a name without control characters", id="line break"),
    ],
)
def test_bad_names_are_refused(write: Write, read: Read, array: Path, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(array, columns=write("c.csv", f"column,model\n{rows}"))


def test_names_are_needed(read: Read, array: Path) -> None:
    with pytest.raises(InputError, match=r"expected the names of the models; got none. Name them with --columns FILE"):
        read(array, format="model-columns")


@pytest.mark.shared_data
def test_imagenet_v2(shared_data: Path, write: Write, imagenet_classes: ClassList) -> None:
    folder = shared_data / "imagenet_v2"
    with (folder / "matched_frequency_rows.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    labels = np.array([int(row["class_id"]) for row in rows], np.int32)
    split = Split("v2", tuple(row["row"] for row in rows), labels, ("",) * len(rows))
    names = folder / "matched_frequency_models.csv"
    found = read_predictions(
        folder / "matched_frequency_top1.npy", split=split, classes=imagenet_classes, model="v2-", columns=names
    )
    # The CSV gives each model's accuracy, rounded to four places.
    with names.open(newline="") as file:
        expected = {"v2-" + row["model"]: float(row["top1_accuracy"]) for row in csv.DictReader(file)}
    assert len(found) == 67
    assert {p.model: round(float((p.classes[:, 0] == labels).mean()), 4) for p in found} == expected
