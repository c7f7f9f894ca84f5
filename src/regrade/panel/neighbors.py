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
        accepted: (a,) what the labels accept, as `item * n_classes + class`; any order. The class that an item shows is
            accepted in any case, as on items that the labels do not cover.
        n_classes: Number of classes C.

    Returns:
        The pairs that occur; empty where no model ranks a class beside an item's own.

    >>> found = count_confusions([np.array([[0, 2], [1, 0]])], np.array([0, 0]), np.array([0, 3]), 3)
    >>> found.of(0), found.of(2)
    ((1, 2), (0,))
    """
    items = np.flatnonzero(truth >= 0)
    own = truth[items].astype(np.int64)
    others = _OtherAccepted(accepted, truth, n_classes)
    keys = [np.empty(0, np.int64)]
    for ranking in rankings:
        found, strange = _first_strange(ranking[items, :N_RANKS], own, items, others)
        keys.append(np.minimum(own[found], strange) * n_classes + np.maximum(own[found], strange))
    pairs, totals = np.unique(np.concatenate(keys), return_counts=True)
    low, high = pairs // n_classes, pairs % n_classes
    classes, beside = np.concatenate([low, high]), np.concatenate([high, low])
    both = np.concatenate([totals, totals])
    order = np.lexsort((beside, -both, classes))
    return Confusions(classes[order], beside[order], both[order])


class _OtherAccepted:
    """The classes that the labels accept beside an item's own: few items have any, and most need no other look."""

    def __init__(self, accepted: npt.NDArray[np.int64], truth: npt.NDArray[np.integer], n_classes: int) -> None:
        self._n_classes = n_classes
        self._keys = np.sort(accepted[accepted % n_classes != truth[accepted // n_classes]])
        self._has_any = np.zeros(len(truth), np.bool_)
        self._has_any[self._keys // n_classes] = True

    def hold(self, items: npt.NDArray[np.intp], classes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """(r,) whether each class is accepted on its item."""
        held = self._has_any[items]
        sought = items[held] * self._n_classes + classes[held]
        held[held] = (
            self._keys.take(np.searchsorted(self._keys, sought), mode="clip") == sought if len(sought) else False
        )
        return held


def _first_strange(
    top: npt.NDArray[np.integer],
    own: npt.NDArray[np.int64],
    items: npt.NDArray[np.intp],
    others: _OtherAccepted,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.int64]]:
    """The rows that rank a class which is not accepted, and the first such class of each."""
    rows, left = [], np.arange(len(top))
    classes = []
    for ranked in top.T:
        chosen = ranked[left].astype(np.int64)
        strange = (chosen != NO_CLASS) & (chosen != own[left]) & ~others.hold(items[left], chosen)
        rows.append(left[strange])
        classes.append(chosen[strange])
        left = left[~strange]
    return np.concatenate(rows), np.concatenate(classes)


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
