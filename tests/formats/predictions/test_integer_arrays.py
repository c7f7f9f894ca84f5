"""Integer arrays of class ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats.arrays import open_npy
from regrade.formats.predictions.integer_arrays import read_class_ids
from regrade.formats.predictions.registry import PredictionRequest
from regrade.records.classes import ClassList
from regrade.records.items import Split


@pytest.fixture
def request_(split: Split, classes: ClassList) -> PredictionRequest:
    return PredictionRequest(split, classes, "m", "model", allow_missing=False, columns=None)


def test_one_dimension_is_one_column(tmp_path: Path, request_: PredictionRequest) -> None:
    np.save(tmp_path / "p.npy", np.array([3, 0, 1], ">i4"))
    assert read_class_ids(open_npy(tmp_path / "p.npy"), request_).tolist() == [[3], [0], [1]]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        pytest.param(np.array([0, 1, 4]), r"row index 2: expected a class id 0\.\.3; got 4", id="C"),
        pytest.param(np.array([[0, 1], [2, -1], [-5, 0]]), "row index 1: .*; got -1 .1 more like it", id="-1"),
        pytest.param(np.array([0, 2**63, 1], np.uint64), "row index 1: .*; got 9223372036854775808", id="2^63"),
        pytest.param(np.array([0, 1]), r"an integer array of shape \(3,\) or \(3, k\); got int64 \(2,\)", id="rows"),
        pytest.param(np.zeros((2, 3), int), r"got int64 \(2, 3\). Transpose it", id="transposed"),
        pytest.param(np.zeros((3, 0), int), r"got int64 \(3, 0\)", id="no column"),
        pytest.param(np.zeros(3), r"an integer array .*; got float64 \(3,\)", id="floats"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, request_: PredictionRequest, array: Any, message: str) -> None:
    np.save(tmp_path / "p.npy", array)
    with pytest.raises(InputError, match=f"p.npy.*{message}"):
        read_class_ids(open_npy(tmp_path / "p.npy"), request_)
