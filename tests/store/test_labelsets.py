"""Label sets: versions, content, and which names hold what."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.labels import LabelSet
from regrade.store import Store, Transaction, labelsets


def assert_same(one: LabelSet, other: LabelSet) -> None:
    for field in fields(LabelSet):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype, field.name
            np.testing.assert_array_equal(mine, theirs, err_msg=field.name)
        else:
            assert mine == theirs


def save(store: Store, tx: Transaction, labels: LabelSet, at: datetime, **fields: Any) -> labelsets.SavedLabelSet:
    options: dict[str, Any] = {"name": "key", "parent": None, "author": "ann", "reason": "why", "warnings": ()} | fields
    return labelsets.save_label_set(tx, store.arrays, labels, at=at, **options)


@pytest.fixture
def changed(labels: LabelSet) -> LabelSet:
    return replace(labels, pair_codes=np.array([2, 2, 1], dtype=np.int8))


def test_content_comes_back(store: Store, labels: LabelSet) -> None:
    with store.read() as tx:
        assert_same(labelsets.load_label_set(tx, store.arrays, "key@1"), labels)
        assert_same(labelsets.load_label_set(tx, store.arrays, "key"), labels)


def test_large_content_comes_back(store: Store, at: datetime) -> None:
    rng = np.random.default_rng(1)
    keys = np.unique(rng.integers(0, 30 * 7, 100)).astype(np.int32)
    large = LabelSet(
        split="main",
        n_classes=7,
        items=np.arange(30, dtype=np.int32),
        original=rng.integers(-1, 7, 30).astype(np.int32),
        problematic=rng.random(30) < 0.3,
        pair_items=keys // 7,
        pair_classes=keys % 7,
        pair_codes=rng.integers(0, 3, len(keys)).astype(np.int8),
    )
    with store.write() as tx:
        save(store, tx, large, at, name="large")
        assert_same(labelsets.load_label_set(tx, store.arrays, "large"), large)


@pytest.mark.parametrize("n_items", [0, 2])
def test_content_without_verdicts_comes_back(store: Store, at: datetime, n_items: int) -> None:
    bare = LabelSet(
        split="main",
        n_classes=10,
        items=np.arange(n_items, dtype=np.int32),
        original=np.zeros(n_items, dtype=np.int32),
        problematic=np.zeros(n_items, dtype=np.bool_),
        pair_items=np.zeros(0, dtype=np.int32),
        pair_classes=np.zeros(0, dtype=np.int32),
        pair_codes=np.zeros(0, dtype=np.int8),
    )
    with store.write() as tx:
        save(store, tx, bare, at, name="bare")
        assert_same(labelsets.load_label_set(tx, store.arrays, "bare"), bare)


def test_an_import_says_where_it_comes_from(store: Store, labels: LabelSet, at: datetime) -> None:
    with store.write() as tx:
        saved = save(store, tx, labels, at, name="other", warnings=("3 overlaps", "é"))
    version = saved.version
    assert saved.created
    assert (version.ref, version.split, version.parent, version.author) == ("other@1", "main", None, "ann")
    assert (version.reason, version.warnings, version.created_at) == ("why", ("3 overlaps", "é"), at)
    store.arrays.verify(version.digest)


def test_importing_the_same_again_is_no_change(store: Store, labels: LabelSet, at: datetime) -> None:
    with store.write() as tx:
        saved = save(store, tx, labels, at, reason="another file")
        assert (saved.created, saved.version.ref, saved.version.reason) == (False, "key@1", "made")
        assert len(labelsets.list_label_sets(tx)) == 1


def test_importing_other_content_is_a_conflict(store: Store, labels: LabelSet, changed: LabelSet, at: datetime) -> None:
    with store.write() as tx:
        for other in (changed, replace(labels, n_classes=11)):
            with pytest.raises(ConflictError, match="label set key holds other content"):
                save(store, tx, other, at)


def test_publishing_makes_the_next_version(store: Store, labels: LabelSet, changed: LabelSet, at: datetime) -> None:
    with store.write() as tx:
        second = save(store, tx, changed, at, parent="key@1")
        assert (second.created, second.version.ref, second.version.parent) == (True, "key@2", "key@1")
        third = save(store, tx, labels, at, parent="key@2")
        assert third.version.ref == "key@3"
        assert [version.ref for version in labelsets.list_label_sets(tx)] == ["key@1", "key@2", "key@3"]
        assert labelsets.load_version(tx, "key").ref == "key@3"
        assert labelsets.load_version(tx, "key@2") == second.version
        assert_same(labelsets.load_label_set(tx, store.arrays, "key@2"), changed)


def test_a_published_name_still_knows_its_import(
    store: Store, labels: LabelSet, changed: LabelSet, at: datetime
) -> None:
    with store.write() as tx:
        save(store, tx, changed, at, parent="key@1")
        again = save(store, tx, labels, at)
    assert (again.created, again.version.ref) == (False, "key@1")


@pytest.mark.parametrize("parent", ["key@1", "key@3", "other@2", "key"])
def test_only_the_newest_version_has_a_successor(store: Store, changed: LabelSet, at: datetime, parent: str) -> None:
    with store.write() as tx:
        save(store, tx, changed, at, parent="key@1")
        with pytest.raises(ConflictError, match=f"{parent} is not the newest version of key"):
            save(store, tx, changed, at, parent=parent)


def test_a_new_name_has_no_parent(store: Store, labels: LabelSet, at: datetime) -> None:
    with store.write() as tx, pytest.raises(ConflictError, match="new@1 is not the newest version of new"):
        save(store, tx, labels, at, name="new", parent="new@1")


def test_a_new_name_can_be_made_from_a_version_of_another(
    store: Store, labels: LabelSet, changed: LabelSet, at: datetime
) -> None:
    with store.write() as tx:
        saved = save(store, tx, changed, at, name="new", source="key@1")
        assert (saved.created, saved.version.ref, saved.version.parent) == (True, "new@1", "key@1")
        assert save(store, tx, changed, at, name="new", source="key@1") == (saved.version, False)
        with pytest.raises(ConflictError, match="label set new holds other content"):
            save(store, tx, labels, at, name="new", source="key@1")
        with pytest.raises(NotFoundError, match="no label set key@2"):
            save(store, tx, changed, at, name="newer", source="key@2")


@pytest.mark.parametrize("name", ["", "a@1", "-a", ".a", "a b", "ä", "a/b", "a\n"])
def test_a_name_that_cannot_be_used_is_refused(store: Store, labels: LabelSet, at: datetime, name: str) -> None:
    with store.write() as tx, pytest.raises(InputError, match="a name of letters, digits"):
        save(store, tx, labels, at, name=name)


@pytest.mark.parametrize("ref", ["none", "key@2", "key@", "key@x", "key@-1", "@1", "key@1@1", "key@١"])
def test_an_unknown_version_is_not_found_and_the_others_are_listed(store: Store, ref: str) -> None:
    with store.read() as tx:
        with pytest.raises(NotFoundError, match=r"There are: key@1\."):
            labelsets.load_version(tx, ref)
        with pytest.raises(NotFoundError, match=r"There are: key@1\."):
            labelsets.load_label_set(tx, store.arrays, ref)


def test_an_unknown_split_is_not_found(store: Store, labels: LabelSet, at: datetime) -> None:
    with store.write() as tx, pytest.raises(NotFoundError, match="no split train"):
        save(store, tx, replace(labels, split="train"), at, name="t")


def test_the_default_name_is_kept(store: Store) -> None:
    with store.write() as tx:
        assert labelsets.load_default_name(tx) is None
        labelsets.save_default_name(tx, "key")
        labelsets.save_default_name(tx, "other")
    with store.read() as tx:
        assert labelsets.load_default_name(tx) == "other"
