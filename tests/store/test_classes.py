"""Classes and hierarchy."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.classes import ClassList, Hierarchy
from regrade.store import Store, classes

CLASSES = ClassList(("k0", "k1"), ("crane", "crane"), ("a bird", ""), ("organism", ""))
HIERARCHY = Hierarchy(("k0", "k1"), ("bird", "machine"), {"bird": "bird, fowl", "machine": "machine"})


def test_classes_come_back_in_order(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        assert classes.save_classes(tx, empty_store.arrays, CLASSES, at=at)
        assert not classes.save_classes(tx, empty_store.arrays, CLASSES, at=at)
    with empty_store.read() as tx:
        assert classes.load_classes(tx, empty_store.arrays) == CLASSES


def test_other_classes_are_a_conflict(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        classes.save_classes(tx, empty_store.arrays, CLASSES, at=at)
        with pytest.raises(ConflictError, match="has other classes"):
            classes.save_classes(tx, empty_store.arrays, replace(CLASSES, names=("crane", "winch")), at=at)


def test_no_classes_are_not_found(empty_store: Store) -> None:
    with empty_store.read() as tx, pytest.raises(NotFoundError, match="has no classes"):
        classes.load_classes(tx, empty_store.arrays)


def test_a_hierarchy_comes_back(empty_store: Store, at: datetime) -> None:
    with empty_store.write() as tx:
        assert classes.load_hierarchy(tx, empty_store.arrays) is None
        assert classes.save_hierarchy(tx, empty_store.arrays, HIERARCHY, at=at)
        assert not classes.save_hierarchy(tx, empty_store.arrays, HIERARCHY, at=at)
        assert classes.load_hierarchy(tx, empty_store.arrays) == HIERARCHY


def test_a_hierarchy_without_names_comes_back(empty_store: Store, at: datetime) -> None:
    bare = Hierarchy((), (), {})
    with empty_store.write() as tx:
        classes.save_hierarchy(tx, empty_store.arrays, bare, at=at)
        assert classes.load_hierarchy(tx, empty_store.arrays) == bare


@pytest.mark.parametrize("other", [replace(HIERARCHY, parents=("bird", "bird")), replace(HIERARCHY, names={})])
def test_another_hierarchy_is_a_conflict(empty_store: Store, at: datetime, other: Hierarchy) -> None:
    with empty_store.write() as tx:
        classes.save_hierarchy(tx, empty_store.arrays, HIERARCHY, at=at)
        with pytest.raises(ConflictError, match="has other hierarchy"):
            classes.save_hierarchy(tx, empty_store.arrays, other, at=at)
