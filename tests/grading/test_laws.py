"""Laws that hold for every policy and every metric."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from itertools import product
from typing import NamedTuple

import numpy as np
import pytest

from regrade.grading import find_mistakes, grade, policy_names, prepare_key
from regrade.records.grades import Grade, Policy, UnclearRule
from regrade.records.items import Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps
from regrade.records.predictions import NO_CLASS, Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]


class Metric(NamedTuple):
    """Where a metric is defined, and its interval's fields."""

    policies: tuple[Policy, ...]
    interval: tuple[str, str] | None


POLICIES: dict[Policy, str] = {
    "multilabel": "multilabel_accuracy",
    "real": "item_accuracy",
    "single": "item_accuracy",
}
"""Every policy and its headline."""
METRICS: dict[str, Metric] = {
    "top1_accuracy": Metric(("multilabel", "real", "single"), None),
    "top5_accuracy": Metric(("multilabel", "real", "single"), None),
    "multilabel_accuracy": Metric(("multilabel",), ("multilabel_ci_low", "multilabel_ci_high")),
    "item_accuracy": Metric(("multilabel", "real", "single"), ("item_ci_low", "item_ci_high")),
}
SEEDS = range(8)
each_policy = pytest.mark.parametrize(
    ("policy", "unclear"), [pytest.param(*both, id="-".join(both)) for both in product(POLICIES, ("accept", "reject"))]
)
each_seed = pytest.mark.parametrize("seed", SEEDS)


def figures(graded: Grade) -> dict[str, object]:
    """All fields, floats up to rounding."""
    return {
        name: pytest.approx(value, abs=1e-12) if isinstance(value, float) else value
        for name, value in asdict(graded).items()
    }


def with_pairs(
    labels: LabelSet,
    items: np.ndarray[tuple[int], np.dtype[np.int32]],
    classes: np.ndarray[tuple[int], np.dtype[np.int32]],
) -> LabelSet:
    """The same labels with the verdicts moved to other items or classes, sorted again."""
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(items, classes, labels.pair_codes)
    return replace(labels, pair_items=pair_items, pair_classes=pair_classes, pair_codes=pair_codes)


def test_no_policy_and_no_metric_is_missing() -> None:
    assert tuple(sorted(POLICIES)) == policy_names()
    assert set(METRICS) == {field.name for field in fields(Grade) if field.name.endswith("_accuracy")}


@each_policy
@each_seed
def test_range_and_definition(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    graded = asdict(grade(predictions, prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)))
    for name, metric in METRICS.items():
        if policy not in metric.policies:
            assert graded[name] is None
            assert f"{name} is undefined under the policy {policy}." in graded["notes"]
            continue
        assert 0 <= graded[name] <= 1
        if metric.interval:
            low, high = (graded[end] for end in metric.interval)
            assert 0 <= low <= graded[name] <= high <= 1
            if name == POLICIES[policy]:
                assert (graded["ci_low"], graded["ci_high"]) == (low, high)


@each_policy
@each_seed
def test_sums(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)
    graded = grade(predictions, key)
    assert graded.n_mistakes == graded.n_judged_wrong + graded.n_unclear_rejected + graded.n_unreviewed
    assert graded.n_mistakes == len(find_mistakes(predictions, key).items)
    assert graded.n_graded + graded.n_missing == len(key.items)
    assert graded.item_accuracy == pytest.approx(1 - graded.n_mistakes / graded.n_graded)
    assert graded.n_unclear_rejected == 0 or unclear == "reject"


@each_policy
@each_seed
def test_order_of_items(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    new_place = np.random.default_rng(seed + 100).permutation(len(split)).astype(np.int32)  # of each old position
    old_place = np.argsort(new_place)
    order = np.argsort(new_place[labels.items])
    moved = with_pairs(labels, new_place[labels.pair_items], labels.pair_classes)
    moved = replace(
        moved,
        items=new_place[labels.items][order],
        original=labels.original[order],
        problematic=labels.problematic[order],
    )
    moved_split = replace(split, ids=tuple(split.ids[place] for place in old_place), labels=split.labels[old_place])
    before = grade(predictions, prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear))
    after = grade(
        replace(predictions, classes=predictions.classes[old_place]),
        prepare_key(moved, moved_split, ref="a@1", policy=policy, unclear=unclear),
    )
    assert asdict(after) == figures(before)


@each_policy
@each_seed
def test_renumbered_classes(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    n_classes = labels.n_classes
    # The last entry keeps NO_LABEL and NO_CLASS, both -1, as they are.
    new_id = np.append(np.random.default_rng(seed + 200).permutation(n_classes), -1).astype(np.int32)
    renumbered = with_pairs(labels, labels.pair_items, new_id[labels.pair_classes])
    renumbered = replace(renumbered, original=new_id[labels.original])
    before = grade(predictions, prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear))
    after = grade(
        replace(predictions, classes=new_id[predictions.classes]),
        prepare_key(renumbered, replace(split, labels=new_id[split.labels]), ref="a@1", policy=policy, unclear=unclear),
    )
    assert asdict(after) == figures(before)


@each_policy
@each_seed
def test_a_slice_and_the_rest_add_up(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    inside = np.random.default_rng(seed + 300).random(len(split)) < 0.4
    whole, *parts = (
        grade(
            predictions,
            prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear, only=only, slice_name=name),
        )
        for only, name in (
            (None, None),
            (np.flatnonzero(inside).astype(np.int32), "in"),
            (np.flatnonzero(~inside).astype(np.int32), "out"),
        )
    )
    for name in ("n_items", "n_graded", "n_problematic", "n_missing", "n_mistakes", "n_unreviewed", "n_judged_wrong"):
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)


@each_policy
@each_seed
def test_a_perfect_model(random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)
    top = np.full(len(split), NO_CLASS, np.int16)  # what nothing can get right stays missing
    for item in key.items.tolist():
        accepted = [
            c for c in labels.accepted_classes(item) if unclear == "accept" or labels.verdict(item, c) == "correct"
        ]
        own = int(key.original[np.searchsorted(key.items, item)])
        top[item] = own if policy == "single" else (accepted or [NO_CLASS])[0]
    graded = grade(replace(predictions, classes=top[:, None]), key)
    assert (graded.n_mistakes, graded.item_accuracy, getattr(graded, POLICIES[policy])) == (0, 1.0, 1.0)
    assert graded.ci_high == 1.0


@each_policy
@each_seed
def test_accepting_a_mistake_never_lowers(
    random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int
) -> None:
    split, labels, predictions = random_case(seed)
    before_key = prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)
    before, mistakes = grade(predictions, before_key), find_mistakes(predictions, before_key)
    n_fixed = len(mistakes.items) // 2
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(
        np.append(labels.pair_items, mistakes.items[:n_fixed]),
        np.append(labels.pair_classes, mistakes.classes[:n_fixed]),
        np.append(labels.pair_codes, np.full(n_fixed, Verdict.CORRECT.code, np.int8)),
    )
    corrected = replace(labels, pair_items=pair_items, pair_classes=pair_classes, pair_codes=pair_codes)
    after = grade(predictions, prepare_key(corrected, split, ref="a@2", policy=policy, unclear=unclear))
    assert after.top1_accuracy == before.top1_accuracy
    if policy == "single":
        assert after.n_mistakes == before.n_mistakes
    else:
        assert after.n_mistakes == before.n_mistakes - n_fixed
        assert getattr(after, POLICIES[policy]) > getattr(before, POLICIES[policy]) or n_fixed == 0


@each_policy
def test_empty_input(random_case: RandomCase, policy: Policy, unclear: UnclearRule) -> None:
    split, labels, predictions = random_case(0)
    none = np.array([], np.int32)
    empty_labels = replace(
        labels,
        items=none,
        original=none,
        problematic=none.astype(np.bool_),
        pair_items=none,
        pair_classes=none,
        pair_codes=none.astype(np.int8),
    )
    empty_split = replace(split, ids=(), labels=none, media=())
    uncovered = grade(predictions, prepare_key(empty_labels, split, ref="a@1", policy=policy, unclear=unclear))
    nothing = grade(
        replace(predictions, classes=predictions.classes[:0]),
        prepare_key(empty_labels, empty_split, ref="a@1", policy=policy, unclear=unclear),
    )
    assert uncovered.top1_accuracy is not None
    assert (nothing.n_items, nothing.top1_accuracy, nothing.top5_accuracy) == (0, None, None)
    for graded in (uncovered, nothing):
        assert (graded.n_graded, graded.n_mistakes, graded.n_missing) == (0, 0, 0)
        assert (graded.item_accuracy, graded.multilabel_accuracy) == (None, None)
        assert (graded.ci_low, graded.ci_high) == (None, None)
        assert "item_accuracy is undefined: no item is graded." in graded.notes
        assert any(note.startswith("multilabel_accuracy is undefined") for note in graded.notes)
