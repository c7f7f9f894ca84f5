"""Vectors with the ids of their items beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.formats import read_embeddings
from regrade.records.items import Split
from tests.formats.embeddings.conftest import Read

VECTORS = np.array([[5.0, 6.0], [1.0, 2.0]])


def save(path: Path, **members: Any) -> Path:
    np.savez(path / "v.npz", **members)
    return path / "v.npz"


@pytest.mark.parametrize("ids", [["c", "a"], [b"c", b"a"]], ids=["text", "bytes"])
def test_vectors_are_joined_by_id(read: Read, tmp_path: Path, ids: npt.ArrayLike) -> None:
    found = read(save(tmp_path, ids=np.array(ids), features=VECTORS))
    np.testing.assert_array_equal(found.vectors, [[1, 2], [np.nan, np.nan], [5, 6]])


def test_numbers_are_ids_too(tmp_path: Path) -> None:
    split = Split("main", ("7", "8"), np.array([0, 1], np.int32), ("", ""))
    found = read_embeddings(save(tmp_path, ids=np.array([8, 7]), features=VECTORS), split=split, name="net")
    np.testing.assert_array_equal(found.vectors, [[1, 2], [5, 6]])


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param({"ids": ["a"], "v": VECTORS}, r"1 rows, as many as ids; got float64 \(2, 2\)", id="fewer ids"),
        pytest.param({"ids": ["a", "b"], "v": VECTORS, "w": VECTORS}, "two arrays.*got ids, v, w", id="three arrays"),
        pytest.param({"ids": [["a", "b"]], "v": VECTORS}, r"ids as text or integers, one dim.*\(1, 2\)", id="a table"),
        pytest.param({"ids": [0.5, 1.5], "v": VECTORS}, "ids as text or integers.*got float64", id="fractions"),
        pytest.param({"ids": [b"\xff", b"a"], "v": VECTORS}, "ids as text; got bytes that are none", id="no UTF-8"),
        pytest.param({"ids": ["a", "b"], "v": ["x", "y"]}, "an array of numbers; got dtype <U1", id="text as vectors"),
        pytest.param({"ids": ["a", "b"], "v": [1, 2]}, r"floats \(items, dim.*got int64", id="integers as vectors"),
        pytest.param({"ids": ["a", "x"], "v": VECTORS}, "an item of the split main.*got 'x'", id="unknown item"),
    ],
)
def test_what_does_not_fit_is_refused(read: Read, tmp_path: Path, members: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(save(tmp_path, **{name: np.array(values) for name, values in members.items()}))


def test_objects_are_not_unpickled(read: Read, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="an array of numbers or text; got dtype object"):
        read(save(tmp_path, ids=np.array(["a", None], object), v=VECTORS))


def test_a_forged_text_is_refused(read: Read, tmp_path: Path) -> None:
    # 0x110000 is one beyond the last code point.
    forged = np.array([0x110000, 97], "<u4").view("<U1")
    with pytest.raises(InputError, match="ids as text; got bytes that are none"):
        read(save(tmp_path, ids=forged, v=VECTORS))
