"""Array files: their names, what is safe about them, and damage in words."""

from __future__ import annotations

import hashlib
import os
import resource
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from regrade.errors import StoreError
from regrade.store.arrays import ArrayFiles


@pytest.fixture
def arrays(tmp_path: Path) -> ArrayFiles:
    files = ArrayFiles(tmp_path / "arrays")
    files.create()
    return files


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "float32", "bool"])
def test_an_array_comes_back_equal(arrays: ArrayFiles, dtype: str) -> None:
    array = np.array([[0, 1, 2], [3, 4, 100]]).astype(dtype)
    digest = arrays.save_npy(array)
    for mmap in (True, False):
        loaded = arrays.load_npy(digest, mmap=mmap)
        assert loaded.dtype == array.dtype
        np.testing.assert_array_equal(loaded, array)


@pytest.mark.parametrize("cuts", [[], [3], [0, 1, 40], [40]], ids=str)
def test_an_array_in_chunks_is_the_same_file(arrays: ArrayFiles, cuts: list[int]) -> None:
    array = np.random.default_rng(0).normal(size=(40, 7)).astype(np.float32)
    chunks = iter(np.split(array, cuts))
    assert arrays.save_npy_rows(chunks, shape=(40, 7), dtype=np.float32) == arrays.save_npy(array)
    assert len(list(arrays.folder.iterdir())) == 1


def test_a_file_is_named_by_the_digest_of_its_bytes(arrays: ArrayFiles) -> None:
    digest = arrays.save_npy(np.arange(5))
    content = (arrays.folder / f"{digest}.npy").read_bytes()
    assert hashlib.sha256(content).hexdigest() == digest
    assert [path.name for path in arrays.folder.iterdir()] == [f"{digest}.npy"]


def test_a_mapped_array_cannot_be_changed(arrays: ArrayFiles) -> None:
    loaded = arrays.load_npy(arrays.save_npy(np.arange(5)))
    with pytest.raises(ValueError, match="read-only"):
        loaded[0] = 7


def test_the_same_content_is_not_written_again(arrays: ArrayFiles) -> None:
    digest = arrays.save_npy(np.arange(5))
    path = arrays.folder / f"{digest}.npy"
    before = path.stat()
    assert arrays.save_npy(np.arange(5)) == digest
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_strided_array_has_the_digest_of_its_content(arrays: ArrayFiles) -> None:
    assert arrays.save_npy(np.arange(10)[::2]) == arrays.save_npy(np.array([0, 2, 4, 6, 8]))


def test_a_file_cut_short_is_written_anew_when_its_content_comes_again(arrays: ArrayFiles) -> None:
    digest = arrays.save_npy(np.arange(5))
    os.truncate(arrays.folder / f"{digest}.npy", 40)
    arrays.save_npy(np.arange(5))
    arrays.verify(digest)


def test_a_table_comes_back_equal_and_has_one_digest(arrays: ArrayFiles) -> None:
    frame = pl.DataFrame({"id": ["é", "b", ""], "label": [1, -1, 3], "codes": [[1, 2], [], [3]]})
    digest = arrays.save_parquet(frame)
    assert arrays.save_parquet(frame.clone()) == digest
    assert arrays.load_parquet(digest).equals(frame)
    arrays.verify(digest)


@pytest.mark.parametrize("damage", ["cut", "garbage", "empty"])
def test_a_damaged_file_is_said_in_words(arrays: ArrayFiles, damage: str) -> None:
    npy, parquet = arrays.save_npy(np.arange(500)), arrays.save_parquet(pl.DataFrame({"a": range(500)}))
    for path in list(arrays.folder.iterdir()):
        content = path.read_bytes()
        path.write_bytes({"cut": content[:100], "garbage": b"no array" * 40, "empty": b""}[damage])
    with pytest.raises(StoreError, match=rf"array file {npy}\.npy is damaged"):
        arrays.load_npy(npy)
    with pytest.raises(StoreError, match=rf"array file {parquet}\.parquet is damaged"):
        arrays.load_parquet(parquet)
    for digest in (npy, parquet):
        with pytest.raises(StoreError, match="is damaged"):
            arrays.verify(digest)


def test_a_damaged_header_is_said_in_words(arrays: ArrayFiles) -> None:
    digest = arrays.save_npy(np.arange(500))
    path = arrays.folder / f"{digest}.npy"
    content = path.read_bytes()
    # The header begins b"\x93NUMPY\x01\x00v\x00{'descr': '<i8', ...}": another version, brackets that never close,
    # a name that is no Python, a shape larger than the file.
    for old, new in ((b"NUMPY\x01", b"NUMPY\x09"), (b"}", b"("), (b"'descr'", b"'descr("), (b"(500,)", b"(900,)")):
        path.write_bytes(content.replace(old, new, 1))
        for mmap in (True, False):
            with pytest.raises(StoreError, match="is damaged"):
                arrays.load_npy(digest, mmap=mmap)


def test_a_changed_byte_of_a_table_is_found_when_it_is_loaded(arrays: ArrayFiles) -> None:
    digest = arrays.save_parquet(pl.DataFrame({"a": range(500)}))
    path = arrays.folder / f"{digest}.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        arrays.load_parquet(digest)


def test_one_changed_byte_is_found_by_verify(arrays: ArrayFiles) -> None:
    digest = arrays.save_npy(np.arange(500))
    path = arrays.folder / f"{digest}.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="is damaged"):
        arrays.verify(digest)


def test_a_pickle_is_never_loaded(arrays: ArrayFiles) -> None:
    name = "0" * 64
    np.save(arrays.folder / f"{name}.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(StoreError, match="is damaged"):
        arrays.load_npy(name, mmap=False)


def test_an_object_array_is_never_saved(arrays: ArrayFiles) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        arrays.save_npy(np.array([{"a": 1}], dtype=object))
    assert list(arrays.folder.iterdir()) == []


def test_a_missing_file_is_said_in_words(arrays: ArrayFiles) -> None:
    for load in (arrays.load_npy, arrays.load_parquet, arrays.verify):
        with pytest.raises(StoreError, match=r"array file 1{64}.* is missing"):
            load("1" * 64)


def test_a_full_disk_leaves_no_file_behind(arrays: ArrayFiles) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(StoreError, match="disk is full"):
            arrays.save_npy(np.arange(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(arrays.folder.iterdir()) == []
    arrays.verify(arrays.save_npy(np.arange(5000)))


def test_a_folder_that_is_gone_is_said_in_words(arrays: ArrayFiles) -> None:
    arrays.folder.rmdir()
    with pytest.raises(StoreError, match="No such file"):
        arrays.save_npy(np.arange(5))
