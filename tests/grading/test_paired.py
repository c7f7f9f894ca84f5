"""Counting pairs: by hand, against loops over the items, and laws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import AnswerKey, Lineup, count_pairs, line_up, one_sided_items, prepare_key
from regrade.grading.paired import PairCounts
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS, Predictions
from tests.grading.lineups import A, B, hand_key, hand_lineup, model, random_models

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]
each_policy = pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
each_seed = pytest.mark.parametrize("seed", range(6))
MIRRORED = {"n_only_a": "n_only_b", "n_unreviewed_a": "n_unreviewed_b", "gain_a": "gain_b"}


def test_by_hand() -> None:
    pairs = count_pairs(*hand_lineup())
    assert (pairs.first.tolist(), pairs.second.tolist(), pairs.n_items.tolist()) == ([0], [1], [6])
    # A is wrong on 1, 2, 3, 4; B on 0, 1, 3, 5; on 1 and 3 with the same class, and nowhere else with the same
    assert (pairs.n_both_wrong.item(), pairs.n_same_wrong.item()) == (2, 2)
    assert (pairs.n_only_a.item(), pairs.n_only_b.item(), pairs.n_discordant.item()) == (2, 2, 4)
    assert pairs.n_agreed.item() == 2
    assert pairs.agreement.item() == pairs.shared_mistakes.item() == 2 / 6
    assert pairs.same_wrong_share.item() == 1.0
    assert (pairs.n_unreviewed_a.item(), pairs.n_unreviewed_b.item()) == (1, 3)
    # 4/9 - 5/18
    assert pairs.difference.item() == pytest.approx(1 / 6, abs=1e-15)
    assert np.isnan(pairs.low.item())
    # A's only unreviewed mistake (3) B made too: nothing. B's others: 0 of three items of class 0, 5 of one of class 2.
    assert pairs.gain_a.item() == 0
    assert pairs.gain_b.item() == pytest.approx((1 / 3 + 1) / 3, abs=1e-15)


def test_by_hand_under_an_item_mean() -> None:
    pairs = count_pairs(*hand_lineup("real"))
    assert pairs.difference.item() == 0
    assert pairs.gain_a.item() == 0
    assert pairs.gain_b.item() == pytest.approx(2 / 6, abs=1e-15)


def test_no_review_moves_the_original_labels() -> None:
    pairs = count_pairs(*hand_lineup("single"))
    assert (pairs.n_unreviewed_a.item(), pairs.n_unreviewed_b.item()) == (4, 4)
    assert (pairs.gain_a.item(), pairs.gain_b.item()) == (0, 0)


def test_the_same_item_wrong_with_different_classes_moves_apart() -> None:
    # Both wrong on item 0, both never judged there, but A says 1 and B says 2: either may turn out right alone.
    key = hand_key()
    pairs = count_pairs(line_up([model("a", [1, *A[1:]]), model("b", [2, *A[1:]])], key), key)
    assert (pairs.n_both_wrong.item(), pairs.n_same_wrong.item()) == (5, 4)
    assert (pairs.gain_a.item(), pairs.gain_b.item()) == pytest.approx((1 / 9, 1 / 9), abs=1e-15)


def test_only_shared_items_count() -> None:
    # Without items 0 (A) and 5 (B), 1 to 4 are left, two of class 0 and two of 1: A is wrong on all, B on 1 and 3.
    key = hand_key()
    pairs = count_pairs(line_up([model("a", [NO_CLASS, *A[1:]]), model("b", [*B[:5], NO_CLASS])], key), key)
    assert (pairs.n_items.item(), pairs.n_both_wrong.item()) == (4, 2)
    assert (pairs.n_only_a.item(), pairs.n_only_b.item()) == (2, 0)
    assert pairs.difference.item() == pytest.approx(-0.5, abs=1e-15)
    assert (pairs.n_unreviewed_a.item(), pairs.n_unreviewed_b.item(), pairs.n_agreed.item()) == (1, 1, 2)


def test_nothing_shared_is_undefined() -> None:
    key = hand_key()
    halves = [model("a", [*A[:3], *[NO_CLASS] * 3]), model("b", [*[NO_CLASS] * 3, *B[3:]])]
    pairs = count_pairs(line_up(halves, key), key)
    assert (pairs.n_items.item(), pairs.n_only_a.item(), pairs.n_only_b.item(), pairs.n_both_wrong.item()) == (
        0,
        0,
        0,
        0,
    )
    undefined = (
        pairs.difference,
        pairs.low,
        pairs.gain_a,
        pairs.agreement,
        pairs.same_wrong_share,
        pairs.shared_mistakes,
    )
    assert np.isnan(undefined).all()


def test_a_source_of_mistakes_only_has_no_agreement() -> None:
    key = hand_key()
    named = [class_id if item in {1, 2, 3, 4} else NO_CLASS for item, class_id in enumerate(A)]
    pairs = count_pairs(line_up([model("a", named, only_mistakes=True), model("b", B)], key), key)
    whole = count_pairs(*hand_lineup())
    assert np.isnan(pairs.n_agreed.item())
    for field in fields(PairCounts):
        if field.name not in {"n_agreed", "low", "high"}:
            assert getattr(pairs, field.name).tolist() == getattr(whole, field.name).tolist()


def test_one_sided_items_by_hand() -> None:
    lineup, _ = hand_lineup()
    only_a, only_b = one_sided_items(lineup, 0, 1)
    assert (only_a.tolist(), only_b.tolist()) == ([2, 4], [0, 5])


@pytest.mark.parametrize("n_models", [0, 1])
def test_it_takes_two(n_models: int) -> None:
    key = hand_key()
    with pytest.raises(InputError, match="two or more models to compare; got"):
        count_pairs(line_up([model("a", A)][:n_models], key), key)


def count_slowly(lineup: Lineup, key: AnswerKey, a: int, b: int) -> dict[str, float]:
    """One pair, item by item; the means as sums over classes of shares."""
    counts = dict.fromkeys(("n_items", "n_both_wrong", "n_same_wrong", "n_only_a", "n_only_b", "n_agreed"), 0.0)
    counts |= dict.fromkeys(("n_unreviewed_a", "n_unreviewed_b"), 0.0)
    classes: dict[int, list[tuple[int, int, int]]] = {}
    for item in range(len(key.items)):
        if not (lineup.graded[a, item] and lineup.graded[b, item]):
            continue
        wrong_a, wrong_b = bool(lineup.wrong[a, item]), bool(lineup.wrong[b, item])
        open_a, open_b = bool(lineup.unreviewed[a, item]), bool(lineup.unreviewed[b, item])
        same = lineup.top[a, item] == lineup.top[b, item]
        counts["n_items"] += 1
        counts["n_both_wrong"] += wrong_a and wrong_b
        counts["n_same_wrong"] += wrong_a and wrong_b and same
        counts["n_only_a"] += wrong_a and not wrong_b
        counts["n_only_b"] += wrong_b and not wrong_a
        counts["n_agreed"] += same
        counts["n_unreviewed_a"] += open_a
        counts["n_unreviewed_b"] += open_b
        together = open_a and open_b and same
        row = (wrong_b - wrong_a, open_a and not together, open_b and not together)
        if key.policy != "multilabel":
            classes.setdefault(0, []).append(row)
        elif key.original[item] < key.n_classes:
            classes.setdefault(int(key.original[item]), []).append(row)
    means = [
        sum(sum(row[at] for row in rows) / len(rows) for rows in classes.values()) / len(classes) for at in range(3)
    ]
    if key.policy == "single":
        means[1:] = [0.0, 0.0]
    return counts | dict(zip(("difference", "gain_a", "gain_b"), means, strict=True))


@each_policy
@each_seed
def test_is_that_of_a_loop_over_the_items(random_case: RandomCase, policy: Policy, seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    lineup = line_up(random_models(split, labels, seed), key)
    pairs = count_pairs(lineup, key)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [
        (a, b) for a in range(5) for b in range(a + 1, 5)
    ]
    for at, (a, b) in enumerate(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)):
        slow = count_slowly(lineup, key, a, b)
        assert {name: getattr(pairs, name)[at] for name in slow} == pytest.approx(slow, abs=1e-12)


@each_policy
@each_seed
def test_the_order_of_models_mirrors(random_case: RandomCase, policy: Policy, seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    models = random_models(split, labels, seed, n_models=2)
    one_way, other_way = (count_pairs(line_up(order, key), key) for order in (models, models[::-1]))
    assert one_way.difference.tolist() == (-other_way.difference).tolist()
    assert np.array_equal(one_way.low, -other_way.high, equal_nan=True)
    for name, mirror in MIRRORED.items():
        assert getattr(one_way, name).tolist() == getattr(other_way, mirror).tolist()
        assert getattr(one_way, mirror).tolist() == getattr(other_way, name).tolist()
    for name in ("n_items", "n_both_wrong", "n_same_wrong", "n_agreed", "n_discordant"):
        assert getattr(one_way, name).tolist() == getattr(other_way, name).tolist()


@each_policy
@each_seed
def test_the_order_of_items_changes_nothing(random_case: RandomCase, policy: Policy, seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    lineup = line_up(random_models(split, labels, seed), key)
    order = np.random.default_rng(seed).permutation(len(key.items))
    moved_key = replace(key, items=key.items[order], original=key.original[order])
    moved = replace(
        lineup, **{name: getattr(lineup, name)[:, order] for name in ("graded", "wrong", "unreviewed", "top")}
    )
    before, after = count_pairs(lineup, key), count_pairs(moved, moved_key)
    for field in fields(PairCounts):
        assert np.array_equal(getattr(before, field.name), getattr(after, field.name), equal_nan=True), field.name


@each_policy
@each_seed
def test_identical_models_differ_in_nothing(random_case: RandomCase, policy: Policy, seed: int) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    twin = random_models(split, labels, seed, n_models=2)[1]
    pairs = count_pairs(line_up([twin, replace(twin, model="twin")], key), key)
    assert (pairs.n_only_a.item(), pairs.n_only_b.item(), pairs.difference.item()) == (0, 0, 0.0)
    assert (pairs.gain_a.item(), pairs.gain_b.item()) == (0.0, 0.0)
    assert (pairs.agreement.item(), pairs.same_wrong_share.item(), pairs.shared_mistakes.item()) == (1.0, 1.0, 1.0)


@each_seed
def test_the_difference_is_that_of_the_grades_where_all_items_are_shared(random_case: RandomCase, seed: int) -> None:
    from regrade.grading import grade  # noqa: PLC0415 - only here

    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1")
    models = random_models(split, labels, seed, n_models=2, missing=0.0)
    a, b = (grade(row, key) for row in models)
    assert a.multilabel_accuracy is not None
    assert b.multilabel_accuracy is not None
    pairs = count_pairs(line_up(models, key), key)
    assert pairs.difference.item() == pytest.approx(a.multilabel_accuracy - b.multilabel_accuracy, abs=1e-12)
    assert (pairs.n_unreviewed_a.item(), pairs.n_unreviewed_b.item()) == (a.n_unreviewed, b.n_unreviewed)
