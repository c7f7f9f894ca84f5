"""Vectors in a column of a Parquet file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError
from tests.formats.embeddings.conftest import Read

ROWS = [[5.0, 6.0], [1.0, 2.0]]


@pytest.mark.parametrize(
    "dtype", [pl.List(pl.Float32), pl.List(pl.Float64), pl.Array(pl.Float32, 2)], ids=["float32", "float64", "array"]
)
def test_vectors_are_joined_by_id(read: Read, tmp_path: Path, dtype: Any) -> None:
    frame = pl.DataFrame({"file": ["c", "a", "b"], "v": pl.Series([*ROWS, None], dtype=dtype), "note": ["x", "y", "z"]})
    frame.write_parquet(tmp_path / "v.parquet")
    found = read(tmp_path / "v.parquet")
    np.testing.assert_array_equal(found.vectors, [[1, 2], [np.nan, np.nan], [5, 6]])
    assert found.vectors.dtype == np.float32


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        pytest.param({"id": ["a", "b"], "v": [[1.0], [1.0, 2.0]]}, "of 1 dim.*got one of 2", id="unequal"),
        pytest.param({"id": ["a", "b"], "v": [[1.0], []]}, "of 1 dim.*got one of 0", id="an empty one"),
        pytest.param({"id": ["a", "b"], "v": [[1, 2], [3, 4]]}, r"lists of floats.*got List\(Int64\)", id="integers"),
        pytest.param({"id": ["a", "b"], "v": ROWS, "w": ROWS}, "one column of lists.*got v, w", id="two columns"),
        pytest.param({"name": ["a", "b"], "v": ROWS}, "a column with the items' ids", id="no ids"),
        pytest.param({"id": ["a", "a"], "v": ROWS}, "each item once; got 'a' again", id="an item twice"),
        pytest.param({"id": ["a", "b"], "v": [[1.0, None], [1.0, 2.0]]}, "item 'a': expected finite", id="a hole"),
        pytest.param({"id": ["a", "b"], "v": [[0.0, 0.0], [1.0, 2.0]]}, "item 'a': .*of length 0", id="zero"),
    ],
)
def test_what_does_not_fit_is_refused(read: Read, columns: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(pl.DataFrame(columns))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        pytest.param([None, None], "at least one vector; got none", id="nothing"),
        pytest.param([[], []], r"got float32 \(2, 0\)", id="empty lists"),
    ],
)
def test_no_vector_at_all_is_refused(read: Read, cells: list[Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(pl.DataFrame({"id": ["a", "b"], "v": pl.Series(cells, dtype=pl.List(pl.Float32))}))
