"""Ranked class ids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_predictions
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.predictions.conftest import Read, ReadOne


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.int64])
@pytest.mark.parametrize("save", [np.save, np.savez])
def test_ranks_stay_as_they_are(tmp_path: Path, read_one: ReadOne, dtype: Any, save: Any) -> None:
    path = tmp_path / ("p.npy" if save is np.save else "p.npz")
    save(path, np.array([[0, 3], [2, 1], [3, 0]], dtype))
    predictions = read_one(path)
    assert predictions.classes.tolist() == [[0, 3], [2, 1], [3, 0]]
    assert predictions.classes.dtype == np.int16
    assert (predictions.scores, predictions.score_kind) == (None, "none")


def test_one_dimension_is_top_1(tmp_path: Path, read_one: ReadOne) -> None:
    np.save(tmp_path / "p.npy", np.array([2, 1, 0]))
    assert read_one(tmp_path / "p.npy").classes.tolist() == [[2], [1], [0]]


@pytest.mark.parametrize(
    ("array", "message"),
    [
        pytest.param([[0, 1], [2, 2], [1, 1]], r"row index 1: .* got class 2 twice .*--columns FILE", id="class twice"),
        pytest.param(
            np.zeros((3, 5), int), "at most 4 ranks, one a class; got 5 columns.*--columns FILE", id="k above C"
        ),
        pytest.param([[0, 1], [2, 4], [1, 0]], r"row index 1: expected a class id 0\.\.3; got 4", id="C"),
    ],
)
def test_other_arrays_are_refused(tmp_path: Path, read: Read, array: Any, message: str) -> None:
    np.save(tmp_path / "p.npy", np.array(array))
    with pytest.raises(InputError, match=f"p.npy.*{message}"):
        read(tmp_path / "p.npy")


@pytest.mark.shared_data
def test_resnet50(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    path = shared_data / "predictions_val" / "top5" / "resnet50.npy"
    [predictions] = read_predictions(path, split=imagenet_split, classes=imagenet_classes, model="resnet50")
    assert predictions.classes.shape == (50_000, 5)
    assert predictions.classes.dtype == np.int16
    # The accuracies that the data's models.csv gives.
    hits = predictions.classes == imagenet_split.labels[:, np.newaxis]
    assert hits[:, 0].mean() == pytest.approx(0.76130, abs=1e-9)
    assert hits.any(axis=1).mean() == pytest.approx(0.92862, abs=1e-9)


@pytest.mark.shared_data
def test_a_table_of_models_is_not_taken_for_ranks(shared_data: Path, imagenet_classes: ClassList) -> None:
    ids = tuple(map(str, range(10_000)))
    split = Split("v2", ids, np.zeros(10_000, np.int32), ("",) * 10_000)
    path = shared_data / "imagenet_v2" / "matched_frequency_top1.npy"
    with pytest.raises(
        InputError, match=r"row index 0: expected each class once .*name the models with --columns FILE"
    ):
        read_predictions(path, split=split, classes=imagenet_classes, model="m")
