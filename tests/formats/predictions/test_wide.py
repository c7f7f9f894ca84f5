"""Ranked classes side by side."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_items, read_predictions
from regrade.records.classes import ClassList

if TYPE_CHECKING:
    from tests.formats.conftest import Write
    from tests.formats.predictions.conftest import Read, ReadOne


def test_rows_are_joined_by_id(write: Write, read_one: ReadOne) -> None:
    text = "file,wnid,pred2,pred1,prob1,prob2\nc,x,0,n4,0.5,0.5\na,,1,0,0.75,0.125\nb,,,1,1,\n"
    predictions = read_one(write("p.csv", text))
    assert predictions.classes.tolist() == [[0, 1], [1, -1], [3, 0]]
    assert predictions.scores is not None
    np.testing.assert_array_equal(predictions.scores, [[0.75, 0.125], [1, np.nan], [0.5, 0.5]])
    # The file itself ranks the classes of item c, so their equal probabilities are no tie to settle.
    assert (predictions.score_kind, predictions.n_ties) == ("probability", 0)


def test_probabilities_are_optional(write: Write, read_one: ReadOne) -> None:
    predictions = read_one(write("p.csv", "id,pred1\nc,0\na,1\nb,2\n"))
    assert predictions.classes.tolist() == [[1], [2], [0]]
    assert (predictions.scores, predictions.score_kind) == (None, "none")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "id,pred1,pred2\na,0,1\nb,2,2\n", "row 3: expected each class once .*; got class 2 twice", id="twice"
        ),
        pytest.param(
            "id,pred1,pred2\na,0,1\na,1,2\n", "row 3: expected each item once; got 'a' again", id="item twice"
        ),
        pytest.param("id,pred1,pred2\na,0,1\nb,,2\n", "row 3: expected ranks without a gap", id="gap"),
        pytest.param(
            "id,pred1,pred3\na,0,1\n", "expected the columns pred1, pred2; .* Add the column pred2", id="column gap"
        ),
        pytest.param("id,pred1,pred2\na,0,4\n", r"row 2: expected a class id 0\.\.3 .*; got '4'", id="C"),
        pytest.param(
            "id,pred1,prob2\na,0,1\n", "expected the columns prob1; .* Add the column prob1", id="prob2 alone"
        ),
        pytest.param(
            "id,pred1,pred2,prob1\na,0,1,1\n", r"prob1\.\.2 beside pred1\.\.2; .* Add the column prob2", id="few"
        ),
        pytest.param(
            "id,pred1,prob1\na,0,1.1\n", "row 2: expected a probability from 0 to 1 .*; got '1.1'", id="above 1"
        ),
        pytest.param(
            "id,pred1,prob1\na,0,-0.1\n", "row 2: expected a probability from 0 to 1 .*; got '-0.1'", id="below 0"
        ),
        pytest.param("id,pred1,prob1\na,0,nan\n", "row 2: expected a probability .*; got 'nan'", id="NaN"),
        pytest.param(
            "id,pred1,prob1\na,0,\n", "row 2: expected a score for every predicted class", id="no probability"
        ),
        pytest.param("id,pred1,pred2,prob1,prob2\na,0,,0.5,0.1\n", "row 2: expected a score for every", id="no class"),
        pytest.param(
            "id,pred1,pred2,prob1,prob2\na,0,1,0.2,0.3\n", "row 2: expected probabilities that do not rise", id="rising"
        ),
        pytest.param("id,pred1\n", "expected at least one row below the header", id="header only"),
        pytest.param("x,pred1\na,0\n", "items' ids: id .or file, file_name, .*; got the columns x, pred1", id="no id"),
    ],
)
def test_bad_tables_are_refused(write: Write, read: Read, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"p.csv.*{message}"):
        read(write("p.csv", text), allow_missing=True)


@pytest.mark.shared_data
def test_efficientnet_lite0(shared_data: Path, imagenet_classes: ClassList) -> None:
    split = read_items(shared_data / "images" / "images.csv", split="photos", classes=imagenet_classes).split
    path = shared_data / "efficientnet_lite0" / "top5.csv"
    [predictions] = read_predictions(path, split=split, classes=imagenet_classes, model="lite0")
    with path.open(newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert len(split) == len(rows) == 1000
    expected = [[int(rows[item][f"pred{rank}"]) for rank in range(1, 6)] for item in split.ids]
    assert predictions.classes.tolist() == expected
    assert predictions.scores is not None
    assert predictions.scores[0].tolist() == pytest.approx([0.845779, 0.027743, 0.005745, 0.005236, 0.004953], abs=1e-7)
