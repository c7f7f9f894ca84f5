"""Embeddings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.embeddings import StoredEmbeddings
from regrade.records.items import Split
from regrade.store import Store, embeddings, health, splits

Vectors = npt.NDArray[np.floating]


@pytest.fixture
def given() -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((40, 3)).astype(np.float32)
    vectors[[4, 9]] = np.nan
    return vectors


@pytest.fixture
def save(store: Store, at: datetime) -> Any:
    """Store vectors, seven at a time."""

    def _save(
        vectors: Vectors, name: str = "net", split: str = "main", source: str = "net.npy", step: int = 7
    ) -> embeddings.SavedEmbeddings:
        chunks = (vectors[start : start + step] for start in range(0, len(vectors), step))
        saved = embeddings.save_vectors(store.arrays, chunks, shape=(len(vectors), vectors.shape[1]))
        with store.write() as tx:
            return embeddings.save_embeddings(tx, name, split, saved, source=source, at=at)

    return _save


def test_embeddings_come_back(store: Store, save: Any, given: Vectors, at: datetime) -> None:
    saved = save(given)
    stored = StoredEmbeddings("net", "main", 3, saved.stored.digest, 2, "net.npy", at)
    assert saved == embeddings.SavedEmbeddings(stored, created=True)
    loaded = embeddings.load_vectors(store.arrays, stored)
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, given)
    with store.read() as tx:
        assert embeddings.list_embeddings(tx) == (stored,)
        assert health.list_digests(tx)[stored.digest] == "embeddings of net"
    store.arrays.verify(stored.digest)


def test_the_same_content_again_is_no_change(save: Any, given: Vectors) -> None:
    first = save(given)
    # In another type, and with another of the forms that NaN has: the same numbers.
    other = given.astype(np.float64)
    other[4] = np.copysign(np.nan, -1)
    again = save(np.asfortranarray(other), source="other.npy", step=40)
    assert again == embeddings.SavedEmbeddings(first.stored, created=False)


def test_a_name_stands_for_one_content(save: Any, given: Vectors) -> None:
    save(given)
    other = given.copy()
    other[0, 0] += 1
    with pytest.raises(ConflictError, match="net has other embeddings of the split main"):
        save(other)
    assert save(other, name="other").created


def test_a_name_has_one_number_of_dimensions_on_all_splits(
    store: Store, save: Any, given: Vectors, at: datetime
) -> None:
    with store.write() as tx:
        train = Split("train", ("a", "b"), np.array([0, 1], np.int32), ("", ""))
        splits.save_split(tx, store.arrays, train, media_root="train", at=at)
    save(given)
    with pytest.raises(ConflictError, match="net has 3 dimensions on the split main; these have 2"):
        save(np.ones((2, 2)), split="train")
    assert save(np.ones((2, 3)), split="train").created
    with store.read() as tx:
        assert [(row.name, row.split) for row in embeddings.list_embeddings(tx)] == [("net", "main"), ("net", "train")]


def test_an_unknown_split_is_refused(save: Any, given: Vectors) -> None:
    with pytest.raises(NotFoundError, match="no split absent"):
        save(given, split="absent")
