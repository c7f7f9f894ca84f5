"""Which classes are most easily taken for which: as models mix them up, and as the benchmark arranges them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.classes import ClassList, Hierarchy
from regrade.records.predictions import NO_CLASS

N_RANKS = 2
"""Ranks looked at: a model's second choice tells what it nearly said where its first was right."""
MAX_GROUP = 8
"""A group of more classes says nothing about who is near whom."""


@dataclass(frozen=True, slots=True, eq=False)
class Confusions:
    """How often two classes were taken for each other: each pair both ways, sorted by (class, -count, other)."""

    classes: npt.NDArray[np.int64]
    """(p,) class ids, ascending."""
    others: npt.NDArray[np.int64]
    """(p,) the class that it was mixed up with."""
    counts: npt.NDArray[np.int64]
    """(p,) how often, over all models and items, >= 1."""

    def of(self, class_id: int) -> tuple[int, ...]:
        """The classes that one class is mixed up with, most often first; ties go to the lowest class id."""
        first, last = np.searchsorted(self.classes, [class_id, class_id + 1])
        return tuple(self.others[first:last].tolist())


def count_confusions(
    rankings: Iterable[npt.NDArray[np.integer]],
    truth: npt.NDArray[np.integer],
    accepted: npt.NDArray[np.int64],
    n_classes: int,
) -> Confusions:
    """Count, over models and items, the best-ranked class that the labels do not accept, beside the item's own.

    Args:
        rankings: Each model's (n, k) class ids by rank, k >= 1, NO_CLASS where there is none. The first two are used.
        truth: (n,) the class that each item shows; negative: the item is left out.
        accepted: (a,) what the labels accept, as `item * n_classes + class`; any order.
        n_classes: Number of classes C.

    Returns:
        The pairs that occur; empty where no model ranks a class beside an item's own.

    >>> found = count_confusions([np.array([[0, 2], [1, 0]])], np.array([0, 0]), np.array([0, 3]), 3)
    >>> found.of(0), found.of(2)
    ((1, 2), (0,))
    """
    items = np.flatnonzero(truth >= 0)
    own = truth[items].astype(np.int64)
    keys, counts = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for ranking in rankings:
        other, found = _first_strange(ranking[items, :N_RANKS].astype(np.int64), items, accepted, n_classes)
        low, high = np.minimum(own, other)[found], np.maximum(own, other)[found]
        key, count = np.unique(low * n_classes + high, return_counts=True)
        keys.append(key)
        counts.append(count)
    pairs, places = np.unique(np.concatenate(keys), return_inverse=True)
    totals = np.bincount(places, weights=np.concatenate(counts), minlength=len(pairs)).astype(np.int64)
    low, high = pairs // n_classes, pairs % n_classes
    classes, others = np.concatenate([low, high]), np.concatenate([high, low])
    both = np.concatenate([totals, totals])
    order = np.lexsort((others, -both, classes))
    return Confusions(classes[order], others[order], both[order])


def _first_strange(
    top: npt.NDArray[np.int64], items: npt.NDArray[np.int64], accepted: npt.NDArray[np.int64], n_classes: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Of each row the first class that is not accepted on its item, and whether there is one."""
    strange = (top != NO_CLASS) & ~np.isin(items[:, None] * n_classes + top, accepted)
    first = strange.argmax(axis=1)
    return top[np.arange(len(top)), first], strange.any(axis=1)


class Kinship:
    """Which classes stand near each other in the class hierarchy; without one, in small groups."""

    def __init__(self, classes: ClassList, hierarchy: Hierarchy | None) -> None:
        self.classes = classes
        self.ids = {key: class_id for class_id, key in enumerate(classes.keys)}
        self.above: dict[str, list[str]] = {}
        self.below: dict[str, list[str]] = {}
        edges = zip(hierarchy.children, hierarchy.parents, strict=True) if hierarchy else ()
        for child, parent in edges:
            self.above.setdefault(child, []).append(parent)
            self.below.setdefault(parent, []).append(child)
        self.groups: dict[str, list[int]] = {}
        for class_id, group in enumerate(classes.groups):
            self.groups.setdefault(group, []).append(class_id)

    def near(self, class_id: int, n_most: int) -> tuple[int, ...]:
        """Up to `n_most` classes, the nearest first, without the class itself; empty where nothing is known."""
        kin = self._kin(class_id) if self.above else iter(self._group(class_id))
        found: list[int] = []
        for other in kin:
            if other != class_id and other not in found:
                found.append(other)
            if len(found) == n_most:
                break
        return tuple(found)

    def _kin(self, class_id: int) -> Iterator[int]:
        """Up step by step; at each node, the classes below it, the nearest first."""
        for node in _walk(self.classes.keys[class_id], self.above):
            yield from (self.ids[key] for key in _walk(node, self.below) if key in self.ids)

    def _group(self, class_id: int) -> Sequence[int]:
        group = self.classes.groups[class_id]
        members = self.groups[group]
        return members if group and len(members) <= MAX_GROUP else ()


def _walk(start: str, edges: dict[str, list[str]]) -> Iterator[str]:
    """Breadth first, each node once, the start included."""
    seen, waiting = {start}, deque([start])
    while waiting:
        node = waiting.popleft()
        yield node
        for other in edges.get(node, ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
