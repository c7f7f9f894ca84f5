"""Near-copies, by the mistakes that two models share."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading import NEAR_COPIES, Lineup, count_pairs, find_clusters, line_up
from regrade.grading.clusters import find_near_copies
from regrade.grading.paired import PairCounts
from regrade.grading.policies import policy_names
from regrade.records.comparisons import Cluster
from regrade.records.predictions import NO_CLASS
from tests.grading.lineups import model, simple_key

N_ITEMS = 40
KEY = simple_key(N_ITEMS, n_classes=4)


def tops(first: int, last: int, class_id: int = 1) -> list[int]:
    """Right on all items but first..last - 1, where it says the class."""
    return [class_id if first <= item < last else 0 for item in range(N_ITEMS)]


def compare(*rows: list[int]) -> tuple[Lineup, PairCounts]:
    lineup = line_up([model(f"m{at}", row, n_classes=4) for at, row in enumerate(rows)], KEY)
    return lineup, count_pairs(lineup, KEY)


# m0 wrong on 0..9; m1 on 5..14: 5 of 15 shared; m2 on 10..19: 5 of 15 with m1, none of 20 with m0; m3 on 0..9 with
# another class: none shared; m4 on 30..38: nine mistakes only.
CHAIN = (tops(0, 10), tops(5, 15), tops(10, 20), tops(0, 10, 2), tops(30, 39))


def test_every_policy_has_a_threshold() -> None:
    assert tuple(sorted(NEAR_COPIES)) == policy_names()


def test_models_are_linked_through_others() -> None:
    # least agreement: m0 and m2 differ on items 0..9 and 10..19, so they agree on 20 of 40
    assert find_clusters(*compare(*CHAIN), 1 / 3) == (Cluster(("m0", "m1", "m2"), 0.0, 0.5),)


def test_a_share_below_the_threshold_is_no_link() -> None:
    assert find_clusters(*compare(*CHAIN), 0.34) == ()


def test_fewer_than_ten_mistakes_tell_nothing() -> None:
    lineup, pairs = compare(tops(0, 9), tops(0, 9), tops(0, 10), tops(0, 10))
    assert pairs.shared_mistakes.tolist() == [1.0, 0.9, 0.9, 0.9, 0.9, 1.0]
    assert find_near_copies(pairs, 0.95).tolist() == [False, False, False, False, False, True]
    assert find_clusters(lineup, pairs, 0.95) == (Cluster(("m2", "m3"), 1.0, 1.0),)


def test_perfect_models_are_no_copies() -> None:
    lineup, pairs = compare(tops(0, 0), tops(0, 0))
    assert np.isnan(pairs.shared_mistakes).all()
    assert find_clusters(lineup, pairs, 0.0) == ()


def test_clusters_come_in_the_order_of_their_first_models() -> None:
    clusters = find_clusters(*compare(CHAIN[4], tops(0, 10), tops(20, 32), tops(0, 10), tops(20, 32)), 0.9)
    assert [cluster.models for cluster in clusters] == [("m1", "m3"), ("m2", "m4")]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_models_changes_no_cluster(seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(CHAIN))
    lineup, pairs = compare(*(CHAIN[at] for at in order))
    clusters = find_clusters(lineup, pairs, 1 / 3)
    assert [{f"m{order[int(name[1:])]}" for name in cluster.models} for cluster in clusters] == [{"m0", "m1", "m2"}]


def test_agreement_is_unknown_of_a_source_of_mistakes_only() -> None:
    named = [class_id or NO_CLASS for class_id in tops(0, 10)]
    copies = [model("a", named, n_classes=4, only_mistakes=True), model("b", tops(0, 10), n_classes=4)]
    lineup = line_up(copies, KEY)
    assert find_clusters(lineup, count_pairs(lineup, KEY), 0.43) == (Cluster(("a", "b"), 1.0, None),)
