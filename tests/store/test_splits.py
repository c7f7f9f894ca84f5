"""Splits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.items import Split
from regrade.store import Store, splits


def test_a_split_comes_back(empty_store: Store, split: Split, at: datetime) -> None:
    with empty_store.write() as tx:
        assert splits.save_split(tx, empty_store.arrays, split, media_root="m", at=at)
    with empty_store.read() as tx:
        loaded = splits.load_split(tx, empty_store.arrays, "main")
        listed = splits.list_splits(tx)
    assert (loaded.name, loaded.ids, loaded.media) == (split.name, split.ids, split.media)
    assert loaded.labels.dtype == np.int32
    np.testing.assert_array_equal(loaded.labels, split.labels)
    assert [(row.name, row.n_items, row.media_root, row.created_at) for row in listed] == [("main", 40, "m", at)]
    empty_store.arrays.verify(listed[0].digest)


def test_the_same_split_again_is_no_change(store: Store, split: Split, at: datetime) -> None:
    with store.write() as tx:
        assert not splits.save_split(tx, store.arrays, split, media_root="media", at=at)
        assert len(splits.list_splits(tx)) == 1


def test_another_split_of_the_name_is_a_conflict(store: Store, split: Split, at: datetime) -> None:
    other = replace(split, labels=split.labels[::-1].copy())
    with store.write() as tx:
        with pytest.raises(ConflictError, match="split main holds other items"):
            splits.save_split(tx, store.arrays, other, media_root="media", at=at)
        with pytest.raises(ConflictError, match="split main has its media in media"):
            splits.save_split(tx, store.arrays, split, media_root="elsewhere", at=at)
        assert splits.save_split(tx, store.arrays, replace(other, name="train"), media_root="media", at=at)
        assert [row.name for row in splits.list_splits(tx)] == ["main", "train"]


def test_an_unknown_split_is_not_found_and_the_others_are_listed(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFoundError, match=r"no split test\. There are: main"):
        splits.load_split(tx, store.arrays, "test")


def test_an_empty_split_comes_back(empty_store: Store, at: datetime) -> None:
    empty = Split("none", (), np.zeros(0, np.int32), ())
    with empty_store.write() as tx:
        splits.save_split(tx, empty_store.arrays, empty, media_root="", at=at)
        loaded = splits.load_split(tx, empty_store.arrays, "none")
    assert (len(loaded), loaded.media) == (0, ())
    assert loaded.labels.dtype == np.int32
