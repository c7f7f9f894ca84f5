"""The accuracies of very many models, against the tally and against single grades."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.grading import AnswerKey, class_means, grade, item_means, mean_accuracies, prepare_key, tally
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict, settle_overlaps
from regrade.records.predictions import NO_CLASS, Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]


def check(top1: npt.NDArray[np.signedinteger], key: AnswerKey) -> None:
    """Both means are those of the tally, but for the last bit."""
    means, right = mean_accuracies(top1, key), tally(top1, key).right
    np.testing.assert_allclose(means.class_means, class_means(right), rtol=1e-14)
    np.testing.assert_allclose(means.item_means, item_means(right), rtol=1e-14)


def random_top1(
    seed: int, *, n_models: int, n_items: int = 60, n_classes: int = 7, lowest: int = 0
) -> npt.NDArray[np.int16]:
    return np.random.default_rng(seed).integers(lowest, n_classes, (n_models, n_items), dtype=np.int16)


@pytest.mark.parametrize("lowest", [0, NO_CLASS], ids=["complete", "some missing"])
@pytest.mark.parametrize("unclear", ["accept", "reject"])
@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
@pytest.mark.parametrize("seed", range(3))
def test_means_are_those_of_the_tally(
    random_case: RandomCase, policy: Policy, unclear: UnclearRule, lowest: int, seed: int
) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)
    check(random_top1(seed, n_models=9, lowest=lowest), key)
    check(random_top1(seed, n_models=9, lowest=lowest).astype(np.int32), key)


def test_one_model_with_a_missing_item_among_complete_ones(random_case: RandomCase) -> None:
    split, labels, _ = random_case(1)
    key = prepare_key(labels, split, ref="a@1")
    top1 = random_top1(1, n_models=5)
    top1[3, key.items[7]] = NO_CLASS
    check(top1, key)
    row = Predictions("m", "main", "model", 7, top1[3][:, None], None, "none")
    assert mean_accuracies(top1, key).class_means[3] == grade(row, key).multilabel_accuracy


def test_items_without_an_original_label_count_in_the_item_mean_alone(random_case: RandomCase) -> None:
    split, labels, _ = random_case(2)
    bare = np.arange(len(labels.items)) % 3 == 0
    of_split = split.labels.copy()
    of_split[labels.items[bare]] = NO_LABEL
    key = prepare_key(
        replace(labels, original=np.where(bare, NO_LABEL, labels.original).astype(np.int32)),
        replace(split, labels=of_split),
        ref="a@1",
    )
    assert key.class_sizes[-1] > 0
    check(random_top1(2, n_models=4), key)


def unequal_benchmark(sizes: list[int], rng: np.random.Generator) -> tuple[Split, LabelSet]:
    """Classes with so many items each, in any order; the next class is accepted on every third item too."""
    n_classes = len(sizes)
    original = rng.permutation(np.repeat(np.arange(n_classes), sizes)).astype(np.int32)
    n = len(original)
    items, third = np.arange(n, dtype=np.int32), np.arange(0, n, 3, dtype=np.int32)
    pairs = settle_overlaps(
        np.append(items, third),
        np.append(original, (original[third] + 1) % n_classes).astype(np.int32),
        np.full(n + len(third), Verdict.CORRECT.code, np.int8),
    )[:3]
    split = Split("main", tuple(map(str, range(n))), original, ("",) * n)
    return split, LabelSet("main", n_classes, items, original, np.zeros(n, np.bool_), *pairs)


@pytest.mark.parametrize(
    "sizes",
    [[2039], [2040], [2041], [1500, 1500, 1500], [1, 2, 3, 7, 8, 9, 16, 17], [5000, 1, 5000]],
    ids=lambda sizes: "+".join(map(str, sizes)),
)
def test_groups_longer_than_eight_lanes_of_255(sizes: list[int]) -> None:
    rng = np.random.default_rng(0)
    split, labels = unequal_benchmark(sizes, rng)
    key = prepare_key(labels, split, ref="a@1")
    top1 = np.where(rng.random((4, len(split))) < 0.9, split.labels, 0).astype(np.int16)
    top1[0] = split.labels  # all right: each lane is as full as it can be
    check(top1, key)
    assert mean_accuracies(top1, key).class_means[0] == 1


def test_blocks_are_of_no_account(random_case: RandomCase, tmp_path: Path) -> None:
    """At most 60 graded items and some places left over: 2**20 places are fewer than 26,215 models."""
    split, labels, _ = random_case(0)
    key = prepare_key(labels, split, ref="a@1")
    np.save(tmp_path / "top1.npy", random_top1(1, n_models=40_000))
    top1 = np.load(tmp_path / "top1.npy", mmap_mode="r")
    assert 2**20 // len(key.items) < 40_000
    check(top1, key)


def test_no_model_and_no_item(toy_split: Split, toy_labels: LabelSet) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    assert [len(means) for means in mean_accuracies(np.empty((0, 8), np.int16), key)] == [0, 0]
    nothing = prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([], np.int32), slice_name="none")
    for means in mean_accuracies(np.zeros((2, 8), np.int16), nothing):
        np.testing.assert_array_equal(means, [np.nan, np.nan])


def test_worked_by_hand(toy_split: Split, toy_labels: LabelSet) -> None:
    # Graded 0 1 2 3 5 6, original classes 0 0 1 1 2 and none. Right: 0, 2, 6: (1/2 + 1/2 + 0) / 3 and 3 / 6.
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    means = mean_accuracies(np.array([[1, 3, 1, 1, 2, 0, 4, 3]], np.int16), key)
    assert (means.class_means.tolist(), means.item_means.tolist()) == ([pytest.approx(1 / 3, rel=1e-15)], [0.5])


@pytest.mark.parametrize("shape", [(8,), (2, 7)], ids=["one dimension", "too short"])
def test_rows_of_another_length_are_refused(toy_split: Split, toy_labels: LabelSet, shape: tuple[int, ...]) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    with pytest.raises(InputError, match=r"top1: expected whole numbers of shape \(models, 8\); got int"):
        mean_accuracies(np.zeros(shape, np.int16), key)
