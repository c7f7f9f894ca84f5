"""The nearest vectors: against scikit-learn, by hand, and the same in blocks of any size."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.neighbors import NearestNeighbors

from regrade.neighbors import NO_ITEM, find_nearest, measure_lengths, search

F32 = np.float32


@pytest.fixture(params=["one block", "blocks of one", "blocks of seven"])
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Search in blocks of some size."""
    sizes = {"blocks of one": 1, "blocks of seven": 7}
    if request.param in sizes:
        monkeypatch.setattr(search, "_rows_a_block", lambda *_: sizes[request.param])


def vectors_of(seed: int, n: int, d: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((n, d)).astype(F32)


@pytest.mark.usefixtures("blocks")
def test_worked_by_hand() -> None:
    # The query points along x. Cosines: (3, 4) -> 3/5; (-2, 0) -> -1; (0, 9) -> 0; (5, 12) -> 5/13; (0.5, 0) -> 1.
    vectors = np.array([[3, 4], [-2, 0], [0, 9], [5, 12], [0.5, 0]], F32)
    found = find_nearest(np.array([[7, 0]], F32), vectors, k=4)
    assert found.positions.tolist() == [[4, 0, 3, 2]]
    np.testing.assert_allclose(found.similarities, [[1, 0.6, 5 / 13, 0]], rtol=0, atol=1e-15)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize(("n", "d", "k"), [(200, 5, 1), (200, 64, 10), (9, 3, 9)], ids=str)
def test_as_scikit_learn_finds_them(n: int, d: int, k: int) -> None:
    vectors, queries = vectors_of(1, n, d), vectors_of(2, 11, d)
    other = NearestNeighbors(n_neighbors=k, metric="cosine", algorithm="brute").fit(vectors.astype(float))
    distances, positions = other.kneighbors(queries.astype(float))
    found = find_nearest(queries, vectors, k=k)
    np.testing.assert_array_equal(found.positions, positions)
    np.testing.assert_allclose(found.similarities, 1 - distances, rtol=0, atol=1e-12)


@pytest.mark.usefixtures("blocks")
def test_of_equals_the_first_comes_first() -> None:
    # Copies and doubles of one vector among others: float32 products of them may differ in their last bit.
    vectors = vectors_of(3, 60, 33)
    vectors[[5, 12, 30, 31, 59]] = vectors[44]
    vectors[12] *= 2
    found = find_nearest(vectors[44:45], vectors, k=7)
    assert found.positions[0, :6].tolist() == [5, 12, 30, 31, 44, 59]
    assert found.similarities[0, :6].tolist() == [1.0] * 6
    # With fewer asked for than there are equals, the first of them.
    assert find_nearest(vectors[44:45], vectors, k=3).positions.tolist() == [[5, 12, 30]]


@pytest.mark.usefixtures("blocks")
def test_what_float32_cannot_tell_apart_is_told_apart() -> None:
    # Cosines 1 - t * t / 2 with t from 1e-5 to 5e-5: they differ by 1e-10 and more, float32 sees 6e-8.
    angles = np.array([5e-5, 3e-5, 1e-5, 4e-5, 2e-5])
    vectors = np.stack([np.ones(5), angles], axis=1).astype(F32)
    found = find_nearest(np.array([[1, 0]], F32), vectors, k=5)
    assert found.positions.tolist() == [[2, 4, 1, 3, 0]]


@pytest.mark.usefixtures("blocks")
def test_the_rounding_of_float32_products_does_not_show() -> None:
    # All within some 1e-8 of the query's direction: sums of 400 float32 products are wrong by more than they differ.
    query = vectors_of(7, 1, 400)
    vectors = query + vectors_of(8, 300, 400) * F32(1e-4)
    exact = vectors.astype(float) @ query[0].astype(float) / np.linalg.norm(vectors.astype(float), axis=1)
    found = find_nearest(query, vectors, k=3)
    assert found.positions.tolist() == [np.argsort(-exact)[:3].tolist()]


@pytest.mark.usefixtures("blocks")
def test_among_many_without_a_direction_the_others_are_found() -> None:
    vectors = vectors_of(9, 90, 6)
    vectors[::3] = np.nan
    vectors[1::9] = 0
    there = np.flatnonzero(np.isfinite(measure_lengths(vectors)))
    assert len(there) == 50
    whole = find_nearest(vectors[there[:5]], vectors, k=2).positions
    np.testing.assert_array_equal(whole, there[find_nearest(vectors[there[:5]], vectors[there], k=2).positions])


@pytest.mark.usefixtures("blocks")
def test_what_has_no_direction_is_never_found_and_finds_nothing() -> None:
    vectors = np.array([[1, 0], [0, 0], [np.nan, np.nan], [-1, 0], [1e-20, 0], [1e30, 0]], F32)
    found = find_nearest(np.array([[1, 0], [0, 0], [np.nan, 1]], F32), vectors, k=3)
    assert found.positions.tolist() == [[0, 3, NO_ITEM], [NO_ITEM] * 3, [NO_ITEM] * 3]
    np.testing.assert_array_equal(found.similarities, [[1, -1, np.nan], [np.nan] * 3, [np.nan] * 3])


@pytest.mark.usefixtures("blocks")
def test_an_item_is_not_its_own_neighbor_but_its_copies_are() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], F32)
    found = find_nearest(vectors[[1, 2, 0]], vectors, k=2, own=np.array([1, 2, NO_ITEM]))
    assert found.positions.tolist() == [[0, 2], [0, 1], [0, 1]]


@pytest.mark.usefixtures("blocks")
def test_what_is_taken_out_is_not_found() -> None:
    vectors = np.array([[1, 0], [1, 0.1], [0, 1]], F32)
    lengths = measure_lengths(vectors)
    lengths[0] = np.nan
    assert find_nearest(vectors[:1], vectors, k=3, lengths=lengths).positions.tolist() == [[1, 2, NO_ITEM]]


def test_more_queries_than_are_searched_for_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = vectors_of(4, 50, 8)
    whole = find_nearest(vectors, vectors, k=3)
    monkeypatch.setattr(search, "_N_QUERIES", 7)
    parts = find_nearest(vectors, vectors, k=3)
    np.testing.assert_array_equal(parts.positions, whole.positions)
    np.testing.assert_array_equal(parts.similarities, whole.similarities)
    np.testing.assert_array_equal(whole.positions[:, 0], np.arange(50))


@pytest.mark.usefixtures("blocks")
def test_vectors_that_come_nearer_and_nearer_are_all_looked_at() -> None:
    # Every block is nearer than all before it, so that each replaces the best so far.
    angles = np.linspace(3.1, 0.1, 40)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(F32)
    assert find_nearest(np.array([[1, 0]], F32), vectors, k=3).positions.tolist() == [[39, 38, 37]]


def test_nothing_to_search_in_or_for() -> None:
    none = np.empty((0, 3), F32)
    assert find_nearest(none, vectors_of(5, 4, 3), k=2).positions.shape == (0, 2)
    assert find_nearest(vectors_of(5, 4, 3), none, k=2).positions.tolist() == [[NO_ITEM] * 2] * 4


@pytest.mark.shared_data
def test_copies_of_photos_find_what_they_are_copies_of(shared_data: Path) -> None:
    """Crops, flips, darker and resaved ones of 40 photos among a thousand; which is whose is published with them."""
    features = shared_data / "efficientnet_lite0"
    vectors = np.load(features / "features.npy").astype(F32)
    copies = np.load(features / "features_near_duplicates.npy").astype(F32)
    with (shared_data / "images" / "images.csv").open(newline="") as table:
        names = [row["file"] for row in csv.DictReader(table)]
    with (shared_data / "images_near_duplicates" / "near_duplicates.csv").open(newline="") as table:
        originals = [row["original_file"] for row in csv.DictReader(table)]
    found = find_nearest(copies, vectors, k=1)
    assert [names[at] for at in found.positions[:, 0]] == originals
    assert found.similarities.min() > 0.5


def test_a_mapped_file_is_searched(tmp_path: Path) -> None:
    vectors = vectors_of(6, 30, 4)
    np.save(tmp_path / "v.npy", vectors)
    mapped = np.load(tmp_path / "v.npy", mmap_mode="r")
    np.testing.assert_array_equal(
        find_nearest(vectors[:2], mapped, k=5).positions, find_nearest(vectors[:2], vectors, k=5).positions
    )
