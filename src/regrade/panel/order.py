"""The order of work in groups of similar classes: a reviewer learns a group once, and the order tells nothing.

An item belongs to the group of one of the classes that are asked about on it or accepted now, drawn by lot. Were it
always that of the label, a class of another group among the candidates would be known to be a prediction.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from regrade.records.classes import ClassList, Hierarchy

MIN_GROUP = 5
"""Classes of a group, where the hierarchy gives groups of that size at all."""
_BITS = 31
"""The group's random number stands in this many upper bits of a place, the item's in as many lower ones."""


def group_classes(classes: ClassList, hierarchy: Hierarchy | None) -> npt.NDArray[np.int64]:
    """Put each class into a group of similar ones.

    Args:
        classes: The classes; their own groups count where there is no hierarchy.
        hierarchy: Hypernyms above them. Each class goes to the smallest node above it with MIN_GROUP classes below, or
            the largest there is; ties go to the first key in the order of the alphabet.

    Returns:
        (C,) the group's number, 0-based in the order of the groups' first classes. A class about which nothing is known
        is a group of its own.
    """
    names = list(classes.groups) if hierarchy is None else _nearest_nodes(classes, hierarchy)
    groups = [f"group {name}" if name else f"class {key}" for name, key in zip(names, classes.keys, strict=True)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(groups))}
    return np.array([numbers[name] for name in groups], dtype=np.int64)


def place_in_groups(
    items: npt.NDArray[np.integer],
    classes: npt.NDArray[np.integer],
    *,
    groups: npt.NDArray[np.int64],
    within: npt.NDArray[np.int64],
    seed: int,
) -> npt.NDArray[np.int64]:
    """Give each item a place on the ring such that items of one group stand together, in random order.

    Args:
        items: (p,) positions of candidates (item, class), in any order; repetitions count once.
        classes: (p,) their class ids: all that are asked about on an item or accepted now, whichever is which.
        groups: (C,) group of each class.
        within: (n,) a random number for every item of the split, >= 0.
        seed: The workspace's own, 0..2^64-1.

    Returns:
        (n,) the place of every item that has a candidate, 0..2^62-1; -1 for the others. More candidates on an item
        leave it where it is, unless the lot falls on one of them.
    """
    lots = _mix(items.astype(np.uint64) * np.uint64(len(groups)) + classes.astype(np.uint64), seed)
    order = np.lexsort((lots, items))
    first = np.ones(len(items), dtype=np.bool_)
    first[1:] = items[order][1:] != items[order][:-1]
    drawn = order[first]
    upper = _mix(groups[classes[drawn]].astype(np.uint64), seed ^ 0x5DEECE66D) >> np.uint64(64 - _BITS)
    places = np.full(len(within), -1, dtype=np.int64)
    places[items[drawn]] = (upper.astype(np.int64) << _BITS) | (within[items[drawn]] & (2**_BITS - 1))
    return places


def _nearest_nodes(classes: ClassList, hierarchy: Hierarchy) -> list[str]:
    """For each class the key of its node; empty where nothing stands above it."""
    parents: dict[str, list[str]] = {}
    for child, parent in zip(hierarchy.children, hierarchy.parents, strict=True):
        parents.setdefault(child, []).append(parent)
    above = [_all_above(key, parents) for key in classes.keys]
    sizes: dict[str, int] = {}
    for nodes in above:
        for node in nodes:
            sizes[node] = sizes.get(node, 0) + 1
    return [_choose(nodes, sizes) for nodes in above]


def _choose(nodes: Iterable[str], sizes: dict[str, int]) -> str:
    large = sorted((sizes[node], node) for node in nodes if sizes[node] >= MIN_GROUP)
    if large:
        return large[0][1]
    return min(((-sizes[node], node) for node in nodes), default=(0, ""))[1]


def _all_above(key: str, parents: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(parents.get(key, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(parents.get(node, ()))
    return found


def _mix(numbers: npt.NDArray[np.uint64], seed: int) -> npt.NDArray[np.uint64]:
    """A number for each number, as good as drawn by lot, the same every time.

    Source:
        Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators (the finalizer of SplitMix64).
    """
    mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(seed)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
