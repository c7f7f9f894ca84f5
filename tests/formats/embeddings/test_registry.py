"""Which format a file of embeddings is told to be of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError
from tests.formats.conftest import Write
from tests.formats.embeddings.conftest import Read


def test_an_array_and_a_dataframe_stand_for_files(read: Read) -> None:
    vectors = np.array([[1.0, 0.0], [0.0, 2.0], [3.0, 3.0]])
    found = read(vectors)
    assert (found.name, found.split, found.n_dimensions) == ("net", "main", 2)
    np.testing.assert_array_equal(found.vectors, vectors)
    np.testing.assert_array_equal(
        read(pl.DataFrame({"id": ["b", "a", "c"], "v": [[0.0, 2.0], [1.0, 0.0], [3.0, 3.0]]})).vectors, vectors
    )


def test_a_table_without_vectors_fits_no_format(read: Read, write: Write) -> None:
    with pytest.raises(
        InputError, match=r"fits none of them \(csv with the columns id, x\).*it needs a column of lists of floats"
    ):
        read(write("x.csv", "id,x\na,1\n"))


def test_a_named_format_must_fit(read: Read, tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", np.ones((3, 2)))
    assert read(tmp_path / "v.npy", format="vectors").n_dimensions == 2
    with pytest.raises(InputError, match="a CSV, JSON Lines or Parquet table; got npy content"):
        read(tmp_path / "v.npy", format="vector-column")
    with pytest.raises(InputError, match="two arrays, ids and the vectors; got none"):
        read(tmp_path / "v.npy", format="named-vectors")
    with pytest.raises(InputError, match="a format of embeddings; got hdf5"):
        read(tmp_path / "v.npy", format="hdf5")
