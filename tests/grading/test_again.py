"""Grading again after a change of the labels: the same as grading from nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.grading import KeyChange, grade_again, grade_all, grade_whole, prepare_key
from regrade.labelsets import find_changed_items
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]
POLICIES: tuple[Policy, ...] = ("multilabel", "real", "single")


def change_some(labels: LabelSet, seed: int) -> LabelSet:
    """Another verdict on some pairs, and some items that are problematic now, or no more."""
    rng = np.random.default_rng(seed)
    codes = np.where(rng.random(len(labels.pair_codes)) < 0.1, rng.integers(0, 3, len(labels.pair_codes)), 9)
    problematic = labels.problematic ^ (rng.random(len(labels.problematic)) < 0.1)
    pair_codes = np.where(codes == 9, labels.pair_codes, codes).astype(np.int8)
    return replace(labels, pair_codes=pair_codes, problematic=problematic)


def drop_some(labels: LabelSet, seed: int) -> LabelSet:
    """Fewer items are covered."""
    kept = np.random.default_rng(seed).random(len(labels.items)) < 0.9
    pairs = np.isin(labels.pair_items, labels.items[kept])
    return replace(
        labels,
        items=labels.items[kept],
        original=labels.original[kept],
        problematic=labels.problematic[kept],
        pair_items=labels.pair_items[pairs],
        pair_classes=labels.pair_classes[pairs],
        pair_codes=labels.pair_codes[pairs],
    )


def key_change(split: Split, old: LabelSet, new: LabelSet, policy: Policy) -> KeyChange:
    changed = find_changed_items(old, new)
    parts = {"only": changed, "slice_name": "changed"}
    return KeyChange(
        changed,
        *(prepare_key(content, split, ref="key@1", policy=policy, **parts) for content in (old, new)),  # type: ignore[arg-type]
        *(prepare_key(content, split, ref=ref, policy=policy) for content, ref in ((old, "key@1"), (new, "key@2"))),
    )


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("alter", [change_some, drop_some])
@pytest.mark.parametrize("seed", range(8))
def test_it_gives_what_grading_from_nothing_gives(
    random_case: RandomCase, seed: int, policy: Policy, alter: Callable[[LabelSet, int], LabelSet]
) -> None:
    """Both ways, for a model and for a source that names only mistakes."""
    split, labels, predictions = random_case(seed)
    models = [predictions, replace(predictions, model="few", only_mistakes=True)]
    for old, new in ((labels, alter(labels, seed)), (alter(labels, seed), labels)):
        change = key_change(split, old, new, policy)
        graded = tuple(grade_whole(models, change.before))
        again = tuple(grade_again(models, graded, change))
        assert [row.grade for row in again] == list(grade_all(models, change.after))
        assert [row.grade for row in graded] == list(grade_all(models, change.before))


def test_other_original_labels_are_ranked_anew(random_case: RandomCase) -> None:
    """Where the split names no label, the label set's is what top-1 and top-5 are counted against."""
    split, labels, predictions = random_case(3)
    split = replace(split, labels=np.full_like(split.labels, -1))
    new = replace(labels, original=((labels.original + 1) % labels.n_classes).astype(labels.original.dtype))
    change = key_change(split, labels, new, "multilabel")
    (again,) = grade_again([predictions], grade_whole([predictions], change.before), change)
    assert again.grade == next(grade_all([predictions], change.after))
    assert again.grade.top1_accuracy != next(grade_all([predictions], change.before)).top1_accuracy


def test_nothing_changed(random_case: RandomCase) -> None:
    split, labels, predictions = random_case(1)
    change = key_change(split, labels, labels, "multilabel")
    assert len(change.items) == 0
    (again,) = grade_again([predictions], grade_whole([predictions], change.before), change)
    assert again.grade == next(grade_all([predictions], change.after))


def test_models_that_do_not_fit(random_case: RandomCase) -> None:
    split, labels, predictions = random_case(1)
    change = key_change(split, labels, labels, "multilabel")
    graded = list(grade_whole([predictions], change.before))
    with pytest.raises(InputError, match="predictions for"):
        list(grade_again([replace(predictions, split="other")], graded, change))
    with pytest.raises(ValueError, match="two policies"):
        replace(change, after=prepare_key(labels, split, ref="key@1", policy="single"))
