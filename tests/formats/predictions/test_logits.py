"""Float arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from regrade.errors import InputError

if TYPE_CHECKING:
    from tests.formats.predictions.conftest import Read, ReadOne

GOOD = np.array([[4.0, 1.0, 0.5, 0.0], [0.1, 2.5, 0.2, 0.0], [0.3, 0.2, 3.0, 3.0]], np.float32)


@pytest.mark.parametrize("save", [np.save, np.savez, np.savez_compressed])
def test_arrays_are_ranked(tmp_path: Path, read_one: ReadOne, save: Any) -> None:
    path = tmp_path / ("p.npy" if save is np.save else "p.npz")
    save(path, GOOD)
    predictions = read_one(path)
    assert predictions.classes.tolist() == [[0, 1, 2, 3], [1, 2, 0, 3], [2, 3, 0, 1]]
    assert (predictions.score_kind, predictions.n_ties) == ("probability", 1)
    assert predictions.scores is not None
    # Row 0: exp(4) / (exp(4) + exp(1) + exp(0.5) + exp(0)) = 54.598 / 59.965.
    assert predictions.scores[0, 0] == pytest.approx(54.598150 / 59.965153, rel=1e-6)


@pytest.mark.parametrize(
    ("array", "message"),
    [
        pytest.param(
            GOOD[:2], r"a float array of shape \(3, 4\); got float32 \(2, 4\). Its rows must be the items", id="rows"
        ),
        pytest.param(GOOD.T, r"got float32 \(4, 3\). Transpose it", id="transposed"),
        pytest.param(GOOD[:, :2], r"got float32 \(3, 2\). Save ranked class ids as integers", id="few columns"),
        pytest.param(GOOD[:, 0], r"got float32 \(3,\). Save ranked class ids as integers", id="one dimension"),
        pytest.param(np.tile(GOOD, 2), r"got float32 \(3, 8\)", id="many columns"),
        pytest.param(GOOD[:0], r"got float32 \(0, 4\)", id="empty"),
    ],
)
def test_other_shapes_are_refused(tmp_path: Path, read: Read, array: Any, message: str) -> None:
    np.save(tmp_path / "p.npy", array)
    with pytest.raises(InputError, match=f"p.npy: .*{message}"):
        read(tmp_path / "p.npy")


def test_integers_are_no_logits(tmp_path: Path, read: Read) -> None:
    np.save(tmp_path / "p.npy", GOOD.astype(int))
    with pytest.raises(InputError, match=r"a float array of shape \(3, 4\); got int64 \(3, 4\)"):
        read(tmp_path / "p.npy", format="logits")


def test_bad_rows_name_their_index(tmp_path: Path, read: Read) -> None:
    array = GOOD.copy()
    array[1, 2] = np.nan
    np.savez(tmp_path / "p.npz", logits=array)
    with pytest.raises(InputError, match=r"p.npz .logits.npy., row index 1: expected finite numbers"):
        read(tmp_path / "p.npz")
