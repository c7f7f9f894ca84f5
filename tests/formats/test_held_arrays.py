"""NumPy arrays in place of files give what an .npy file of the same content gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.formats import read_predictions
from regrade.formats.arrays import HeldArray
from regrade.formats.held_arrays import ArraySource, open_content
from regrade.formats.predictions.score_blocks import open_scores, work_through
from regrade.records.classes import ClassList
from regrade.records.items import Split

Array = npt.NDArray[Any]
SCORES = np.array([[0.5, 2.0, 1.0, -1.0], [3.0, 0.0, 1.0, 2.0], [0.0, 0.5, 0.25, 4.0]], np.float32)


@pytest.mark.parametrize(
    "values",
    [
        pytest.param(SCORES, id="scores"),
        pytest.param(np.asfortranarray(SCORES), id="scores by columns"),
        pytest.param(np.array([[1, 0], [0, 3], [3, 2]], np.uint8), id="ranks"),
        pytest.param(np.array([1, 0, 3]), id="top-1"),
    ],
)
def test_an_array_is_read_as_its_file(values: Array, tmp_path: Path, split: Split, classes: ClassList) -> None:
    np.save(tmp_path / "m.npy", values)
    (of_file,) = read_predictions(tmp_path / "m.npy", split=split, classes=classes, model="m")
    (of_array,) = read_predictions(values, split=split, classes=classes, model="m")
    np.testing.assert_array_equal(of_array.classes, of_file.classes)
    assert of_array.score_kind == of_file.score_kind
    if of_file.scores is None or of_array.scores is None:
        assert of_array.scores is of_file.scores
    else:
        np.testing.assert_array_equal(of_array.scores, of_file.scores)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param(np.zeros((3, 5)), r"^array of m: expected a float array of shape \(3, 4\)", id="classes"),
        pytest.param(np.array([0, 1]), r"^array of m: expected an integer array of shape \(3,\)", id="items"),
        pytest.param(np.array([0, 1, 4]), r"^array of m, row index 2: expected a class id 0..3; got 4", id="class"),
        pytest.param(np.array(["a", "b", "c"]), "expected an array of numbers; got dtype <U1", id="text"),
        pytest.param(np.zeros((3, 4, 1)), r"expected an array of 1 or 2 dimensions; got shape \(3, 4, 1\)", id="cube"),
        pytest.param(np.float64(1.0), "^m: expected a file, a dataframe or a NumPy array; got .* float64", id="number"),
        pytest.param([0, 1, 3], "^m: expected a file, a dataframe or .*; got a value of type list", id="list"),
    ],
)
def test_what_a_file_is_refused_for(values: Any, message: str, split: Split, classes: ClassList) -> None:
    with pytest.raises(InputError, match=message):
        read_predictions(values, split=split, classes=classes, model="m")


def test_the_callers_array_is_never_written_to(split: Split, classes: ClassList) -> None:
    values = SCORES.copy()
    array = open_scores(values, split=split, classes=classes)
    assert isinstance(array, HeldArray)
    work_through(array, lambda _, part: part.fill(0))
    np.testing.assert_array_equal(values, SCORES)
    assert values.flags.writeable


def test_messages_say_whose_content_it_is() -> None:
    assert open_content(SCORES, "m").place.where == "array of m"
    assert ArraySource(SCORES, "scores").container == "npy"
