"""The order of work in groups of similar classes."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.panel.order import group_classes, place_in_groups
from regrade.records.classes import ClassList, Hierarchy

N_CLASSES, N_ITEMS = 12, 30
GROUPS = np.arange(N_CLASSES) // 3
"""Four groups of three classes."""


def classes_of(groups: list[str]) -> ClassList:
    keys = tuple(f"k{number}" for number in range(len(groups)))
    return ClassList(keys=keys, names=keys, definitions=("",) * len(keys), groups=tuple(groups))


def hierarchy_of(edges: dict[str, list[str]]) -> Hierarchy:
    """From each parent to its children."""
    pairs = [(child, parent) for parent, children in edges.items() for child in children]
    return Hierarchy(tuple(child for child, _ in pairs), tuple(parent for _, parent in pairs), {})


def test_without_a_hierarchy_the_classes_own_groups_count() -> None:
    # The groups in the order of their first classes: dogs, k1 by itself, cats, k4 by itself.
    assert group_classes(classes_of(["dogs", "", "cats", "dogs", ""]), None).tolist() == [0, 1, 2, 0, 3]
    assert group_classes(classes_of([]), None).tolist() == []


def test_a_class_goes_to_the_smallest_node_with_enough_classes_below() -> None:
    """rings: k0 to k4 (5 classes); round: rings and k5 to k6 (7); all: round and k7 (8).

    k0 to k4 go to rings; k5 and k6 stand below nothing smaller than round; k7 only below all.
    """
    hierarchy = hierarchy_of(
        {
            "two": ["k0", "k1"],
            "rings": ["two", "k2", "k3", "k4"],
            "round": ["rings", "k5", "k6"],
            "all": ["round", "k7"],
        }
    )
    assert group_classes(classes_of(["x"] * 9), hierarchy).tolist() == [0, 0, 0, 0, 0, 1, 1, 2, 3]


def test_where_no_node_has_enough_the_largest_counts() -> None:
    hierarchy = hierarchy_of({"small": ["k0", "k1"], "larger": ["small", "k2"], "other": ["k3"]})
    assert group_classes(classes_of([""] * 4), hierarchy).tolist() == [0, 0, 0, 1]


def test_of_two_nodes_as_good_the_first_in_the_alphabet_counts() -> None:
    """k0 to k4 stand below both; k5 to k9 only below b: a is the smaller one for the first five, and b for the rest."""
    both = [f"k{number}" for number in range(5)]
    hierarchy = hierarchy_of({"b": both, "a": both})
    one = group_classes(classes_of([""] * 5), hierarchy)
    assert one.tolist() == [0] * 5
    wider = hierarchy_of({"b": [*both, "k5"], "a": both})
    assert group_classes(classes_of([""] * 6), wider).tolist() == [0] * 5 + [1]


candidates = st.lists(st.tuples(st.integers(0, N_ITEMS - 1), st.integers(0, N_CLASSES - 1)), max_size=60)
seeds = st.integers(0, 2**64 - 1)
WITHIN = np.random.default_rng(5).integers(0, 2**62, N_ITEMS)


def place(pairs: list[tuple[int, int]], seed: int) -> npt.NDArray[np.int64]:
    items = np.array([item for item, _ in pairs], dtype=np.int32)
    classes = np.array([class_id for _, class_id in pairs], dtype=np.int32)
    return place_in_groups(items, classes, groups=GROUPS, within=WITHIN, seed=seed)


@given(pairs=candidates, seed=seeds)
def test_every_item_asked_about_has_a_place_and_no_other(pairs: list[tuple[int, int]], seed: int) -> None:
    places = place(pairs, seed)
    assert set(np.flatnonzero(places >= 0).tolist()) == {item for item, _ in pairs}
    assert places.max(initial=0) < 2**62
    assert ((places >= 0) | (places == -1)).all()


@given(pairs=candidates, seed=seeds)
def test_an_item_stands_in_the_group_of_one_of_its_classes(pairs: list[tuple[int, int]], seed: int) -> None:
    places = place(pairs, seed)
    alone = {group: int(place([(0, 3 * group)], seed)[0]) >> 31 for group in range(4)}
    for item in {item for item, _ in pairs}:
        groups = {class_id // 3 for place_, class_id in pairs if place_ == item}
        assert int(places[item]) >> 31 in {alone[group] for group in groups}


@given(pairs=candidates, seed=seeds)
def test_a_walk_round_the_ring_meets_group_after_group(pairs: list[tuple[int, int]], seed: int) -> None:
    places = np.sort(place(pairs, seed))
    met = [group for group, _ in itertools.groupby((places[places >= 0] >> 31).tolist())]
    assert len(met) == len(set(met)) <= 4


@given(pairs=candidates, seed=seeds, chance=st.randoms(use_true_random=False))
def test_neither_the_order_of_the_candidates_nor_repetitions_matter(
    pairs: list[tuple[int, int]], seed: int, chance: object
) -> None:
    """So which of them is the label, and how many models said the other, cannot matter: it is not even told."""
    shuffled = [*pairs, *pairs[: len(pairs) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis gives a random.Random
    assert place(shuffled, seed).tolist() == place(pairs, seed).tolist()


@given(pairs=candidates, more=st.integers(0, N_CLASSES - 1), seed=seeds)
def test_one_more_class_moves_an_item_only_to_its_own_group(pairs: list[tuple[int, int]], more: int, seed: int) -> None:
    before, after = place(pairs, seed), place([*pairs, (0, more)], seed)
    assert after[1:].tolist() == before[1:].tolist()
    assert after[0] in {before[0], place([(0, more)], seed)[0]}


@pytest.mark.parametrize("n_candidates", [2, 3])
def test_each_candidate_decides_the_group_equally_often(n_candidates: int) -> None:
    """Of 6,000 items with a class of each of several groups: each group has its share, within 5 standard errors."""
    n = 6_000
    items = np.repeat(np.arange(n, dtype=np.int32), n_candidates)
    classes = np.tile(np.arange(n_candidates, dtype=np.int32) * 3, n)
    within = np.random.default_rng(1).integers(0, 2**62, n)
    places = place_in_groups(items, classes, groups=GROUPS, within=within, seed=20_26)
    _, counts = np.unique(places >> 31, return_counts=True)
    assert len(counts) == n_candidates
    error = np.sqrt(n * (1 / n_candidates) * (1 - 1 / n_candidates))
    assert np.abs(counts - n / n_candidates).max() < 5 * error


def test_another_seed_gives_another_order_of_groups_and_items_keep_theirs_within() -> None:
    pairs = [(item, 3 * (item % 4)) for item in range(N_ITEMS)]
    orders = {tuple(np.argsort(place(pairs, seed) >> 31, kind="stable").tolist()) for seed in range(20)}
    assert len(orders) > 5
    one_group = place([(item, 0) for item in range(N_ITEMS)], 7)
    assert np.argsort(one_group).tolist() == np.argsort(WITHIN & (2**31 - 1)).tolist()
