"""What a vector must be."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats.embeddings import rows
from regrade.formats.embeddings.registry import EmbeddingRequest
from regrade.formats.places import Place
from regrade.records.items import Split

PLACE = Place("net.npy")
NAN, INF = np.nan, np.inf


def test_rows_are_joined_by_id_and_what_is_not_named_is_missing(split: Split) -> None:
    found = rows.join_vectors(["c", "a"], np.array([[1.0, 2.0], [3.0, 4.0]]), EmbeddingRequest("net", split), PLACE)
    np.testing.assert_array_equal(found.vectors, np.array([[3, 4], [NAN, NAN], [1, 2]], np.float32))
    assert found.vectors.dtype == np.float32


def test_a_bad_vector_is_named_by_its_id(split: Split) -> None:
    with pytest.raises(InputError, match=r"net\.npy, item 'a': .*of length 0"):
        rows.join_vectors(["c", "a"], np.array([[1.0, 2.0], [0.0, 0.0]]), EmbeddingRequest("net", split), PLACE)


@pytest.mark.parametrize(
    ("ids", "message"),
    [(["a", "x"], "an item of the split main .* got 'x'"), (["a", "a"], "each item once; got 'a' again")],
)
def test_ids_must_be_items_each_once(split: Split, ids: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows.join_vectors(ids, np.ones((2, 2)), EmbeddingRequest("net", split), PLACE)


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        pytest.param([[1, 2]], r"floats \(items, dimensions\).*got int64 \(1, 2\)", id="integers"),
        pytest.param([1.0, 2.0], r"floats \(items, dimensions\).*got float64 \(2,\)", id="one dimension"),
        pytest.param(np.empty((3, 0)), r"got float64 \(3, 0\)", id="no dimension"),
        pytest.param([[1.0, NAN]], "row index 0: expected finite numbers", id="NaN among others"),
        pytest.param([[1.0, 2.0], [1.0, -INF]], "row index 1: expected finite numbers", id="infinity"),
        pytest.param([[1e200, 1.0]], "finite numbers within the range of float32", id="beyond float32"),
        pytest.param([[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]], r"row index 1: .*of length 0 \(1 more", id="zero"),
        # 1e-60 is 0 in float32
        pytest.param([[1e-60, 1e-60]], r"of a length from 1e-15 to 1e\+15; got one of length 0", id="zero in float32"),
        pytest.param([[3e-16, 4e-16]], "of length 5e-16", id="too short"),
        pytest.param([[3e15, 4e15]], r"of length 5e\+15", id="too long"),
        pytest.param([[NAN, NAN], [NAN, NAN]], "at least one vector; got none", id="none"),
        pytest.param(np.empty((0, 2)), "at least one vector; got none", id="no row"),
    ],
)
def test_what_is_no_vector_is_refused(vectors: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows.check_vectors(np.asarray(vectors), PLACE)


def test_rows_are_numbered_through_all_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_N_ROWS", 2)
    vectors = np.ones((5, 2))
    vectors[2] = NAN
    rows.check_vectors(vectors, PLACE)
    vectors[4] = 0
    with pytest.raises(InputError, match="row index 4"):
        rows.check_vectors(vectors, PLACE)
