"""Which classes are taken for which."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from regrade.panel import Kinship, count_confusions
from regrade.records.classes import ClassList, Hierarchy


def keys_of(*pairs: tuple[int, int], n_classes: int = 4) -> npt.NDArray[np.int64]:
    return np.array([item * n_classes + class_id for item, class_id in pairs], dtype=np.int64)


def test_the_best_class_that_is_not_accepted_counts_for_both() -> None:
    rankings = [
        np.array(
            [[0, 1, 2], [3, 0, 1], [2, 3, 0]]
        ),  # item 0: second choice 1; item 1: wrong with 3; item 2: accepted 3
        np.array([[0, 1, 3], [0, 3, 2], [2, 0, 1]]),  # item 0: 1; item 1: second choice 3; item 2: second choice 0
    ]
    accepted = keys_of((0, 0), (1, 0), (2, 2), (2, 3))
    found = count_confusions(rankings, np.array([0, 0, 2]), accepted, 4)
    # {0, 1}: twice on item 0; {0, 3}: twice on item 1; {0, 2}: once on item 2, where the other model names none in two
    assert dict(
        zip(zip(found.classes.tolist(), found.others.tolist(), strict=True), found.counts.tolist(), strict=True)
    ) == {
        (0, 1): 2,
        (0, 3): 2,
        (0, 2): 1,
        (1, 0): 2,
        (2, 0): 1,
        (3, 0): 2,
    }
    assert found.of(0) == (1, 3, 2)  # a tie goes to the lower class
    assert found.of(1) == (0,)


def test_items_that_are_left_out_and_ranks_that_are_missing_count_for_nothing() -> None:
    rankings = [np.array([[1, 2], [-1, -1], [0, -1]])]
    found = count_confusions(rankings, np.array([-1, 0, 0]), keys_of((1, 0), (2, 0)), 4)
    assert len(found.classes) == 0
    assert found.of(2) == ()


def test_a_single_rank_tells_of_mistakes_only() -> None:
    found = count_confusions([np.array([[0], [1]], dtype=np.int16)], np.array([0, 0]), keys_of((0, 0), (1, 0)), 4)
    assert (found.of(0), found.of(1)) == ((1,), (0,))


def test_an_item_s_own_class_is_no_stranger_where_the_labels_do_not_cover_it() -> None:
    # Item 0 is not covered: 0 is its own class, so 2 is the first strange one; item 1: 3 is accepted beside its own 1.
    rankings = [np.array([[0, 2], [1, 3]]), np.array([[2, 0], [3, 0]])]
    found = count_confusions(rankings, np.array([0, 1]), keys_of((1, 1), (1, 3)), 4)
    pairs = zip(found.classes.tolist(), found.others.tolist(), found.counts.tolist(), strict=True)
    assert list(pairs) == [(0, 2, 2), (0, 1, 1), (1, 0, 1), (2, 0, 2)]


def count_slowly(
    rankings: list[list[list[int]]], truth: list[int], accepted: set[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    counts: dict[tuple[int, int], int] = {}
    for ranking in rankings:
        for item, (own, ranks) in enumerate(zip(truth, ranking, strict=True)):
            strange = [other for other in ranks[:2] if other not in {-1, own} and (item, other) not in accepted]
            for other in strange[:1] if own >= 0 else []:
                for pair in ((own, other), (other, own)):
                    counts[pair] = counts.get(pair, 0) + 1
    return counts


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_a_loop(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth = rng.integers(-1, 5, 30)
    rankings = [rng.permuted(np.tile(np.arange(-1, 5), (30, 1)), axis=1)[:, :3].astype(np.int16) for _ in range(3)]
    accepted = {
        (int(item), int(class_id))
        for item, class_id in zip(rng.integers(0, 30, 25), rng.integers(0, 5, 25), strict=True)
    }
    found = count_confusions(rankings, truth, rng.permutation(keys_of(*accepted, n_classes=5)), 5)
    pairs = zip(found.classes.tolist(), found.others.tolist(), strict=True)
    counted = dict(zip(pairs, found.counts.tolist(), strict=True))
    assert counted == count_slowly([rows.tolist() for rows in rankings], truth.tolist(), accepted)


def test_without_models_there_is_nothing() -> None:
    assert count_confusions([], np.array([0, 1]), keys_of((0, 0)), 4).of(0) == ()


CLASSES = ClassList(("cat", "dog", "wolf", "oak", "elm"), ("",) * 5, ("",) * 5, ("a", "a", "a", "t", ""))
EDGES = Hierarchy(
    children=("cat", "dog", "wolf", "canine", "animal", "oak", "elm", "tree"),
    parents=("animal", "canine", "canine", "animal", "thing", "tree", "tree", "thing"),
    names={},
)


def test_kin_are_those_below_the_nearest_common_node_first() -> None:
    kinship = Kinship(CLASSES, EDGES)
    assert kinship.near(1, 4) == (2, 0, 3, 4)  # wolf under canine, then cat under animal, then the trees
    assert kinship.near(0, 1) == (1,)
    assert kinship.near(4, 2) == (3, 0)


def test_without_a_hierarchy_small_groups_tell_and_large_ones_do_not() -> None:
    assert Kinship(CLASSES, None).near(0, 4) == (1, 2)
    assert Kinship(CLASSES, None).near(3, 4) == ()
    assert Kinship(CLASSES, None).near(4, 4) == ()  # no group is no kin
    many = ClassList(tuple(map(str, range(9))), ("",) * 9, ("",) * 9, ("all",) * 9)
    assert Kinship(many, None).near(0, 4) == ()
