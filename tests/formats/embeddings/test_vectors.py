"""Vectors alone, in item order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from regrade.errors import InputError
from tests.formats.embeddings.conftest import Read


def test_the_rows_are_the_items(read: Read, tmp_path: Path) -> None:
    vectors = np.array([[1, 2], [np.nan, np.nan], [5, 6]], np.float16)
    np.save(tmp_path / "v.npy", vectors)
    np.savez_compressed(tmp_path / "v.npz", anything=vectors.astype(">f8"))
    for name in ("v.npy", "v.npz"):
        np.testing.assert_array_equal(read(tmp_path / name).vectors, vectors)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        pytest.param((2, 4), r"3 rows, a vector for each item of the split main; got float64 \(2, 4\).*ids", id="few"),
        pytest.param((4, 3), r"got float64 \(4, 3\).*Transpose it", id="turned"),
        pytest.param((3,), r"got float64 \(3,\)", id="flat"),
    ],
)
def test_another_shape_is_refused(read: Read, tmp_path: Path, shape: tuple[int, ...], message: str) -> None:
    np.save(tmp_path / "v.npy", np.ones(shape))
    with pytest.raises(InputError, match=message):
        read(tmp_path / "v.npy")
