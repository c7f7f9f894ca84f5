"""Tallies: against one model at a time, in blocks, and brought up to date after a change of the labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.grading import AnswerKey, grade, prepare_key
from regrade.grading.grades import tally_predictions
from regrade.grading.tallies import Tally, retally, tally
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, settle_overlaps
from regrade.records.predictions import NO_CLASS, Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]
N_ITEMS, N_CLASSES = 12, 5


def as_lists(counts: Tally) -> dict[str, list[object]]:
    return {field.name: getattr(counts, field.name).tolist() for field in fields(counts)}


def random_top1(seed: int, n_models: int, n_items: int = 60, n_classes: int = 7) -> npt.NDArray[np.int16]:
    return np.random.default_rng(seed).integers(NO_CLASS, n_classes, (n_models, n_items), dtype=np.int16)


def one_by_one(top1: npt.NDArray[np.int16], key: AnswerKey, *, only_mistakes: bool = False) -> list[dict[str, object]]:
    """The counts that single grades give, of each model."""
    rows: list[dict[str, object]] = []
    for row in top1:
        model = Predictions("m", "main", "model", 7, row[:, None], None, "none", only_mistakes=only_mistakes)
        graded = grade(model, key)
        names = ("n_graded", "n_mistakes", "n_unreviewed", "n_judged_wrong", "n_unclear_rejected", "n_missing")
        rows.append({name: getattr(graded, name) for name in names})
    return rows


def sums(counts: Tally) -> list[dict[str, object]]:
    n_graded = counts.n_graded.sum(axis=1)
    columns = {
        "n_graded": n_graded,
        "n_mistakes": n_graded - counts.n_right.sum(axis=1),
        "n_unreviewed": counts.n_unreviewed.sum(axis=1),
        "n_judged_wrong": counts.n_judged_wrong,
        "n_unclear_rejected": counts.n_unclear_rejected,
        "n_missing": counts.n_missing,
    }
    return [{name: int(values[row]) for name, values in columns.items()} for row in range(len(counts))]


@pytest.mark.parametrize("unclear", ["accept", "reject"])
@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
@pytest.mark.parametrize("seed", range(4))
def test_many_models_at_once_are_each_model_alone(
    random_case: RandomCase, policy: Policy, unclear: UnclearRule, seed: int
) -> None:
    split, labels, _ = random_case(seed)
    key = prepare_key(labels, split, ref="a@1", policy=policy, unclear=unclear)
    top1 = random_top1(seed, n_models=9)
    assert sums(tally(top1, key)) == one_by_one(top1, key)
    if not key.rubric.why_not_only_mistakes:
        assert sums(tally(top1, key, missing_is_right=True)) == one_by_one(top1, key, only_mistakes=True)


def test_blocks_are_of_no_account(random_case: RandomCase, tmp_path: Path) -> None:
    """About 40 graded items: 2**17 places are 2,849 to 3,361 models, so there are two or three blocks here."""
    n_models = 6_000
    split, labels, _ = random_case(0)
    key = prepare_key(labels, split, ref="a@1")
    np.save(tmp_path / "top1.npy", random_top1(1, n_models=n_models))
    top1 = np.load(tmp_path / "top1.npy", mmap_mode="r")
    whole = tally(top1, key)
    n_block = 2**17 // len(key.items)
    assert 1 < n_models / n_block < 3
    for model in (0, 1, n_block - 1, n_block, n_block + 1, n_models - 1):
        alone = tally(top1[model : model + 1], key)
        assert as_lists(whole.rows(slice(model, model + 1))) == as_lists(alone)


def test_worked_by_hand(toy_split: Split, toy_labels: LabelSet) -> None:
    # Graded 0 1 2 3 5 6, original classes 0 0 1 1 2 and none. Right: 0, 2, 6. Wrong: 1 and 3 judged, 5 never.
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    counts = tally(np.array([[1, 3, 1, 1, 2, 0, 4, 3]], np.int16), key)
    assert counts.n_graded.tolist() == [[2, 2, 1, 0, 0, 0, 1]]
    assert counts.n_right.tolist() == [[1, 1, 0, 0, 0, 0, 1]]
    assert counts.n_unreviewed.tolist() == [[0, 0, 1, 0, 0, 0, 0]]
    assert (counts.n_judged_wrong.tolist(), counts.n_unclear_rejected.tolist(), counts.n_missing.tolist()) == (
        [2],
        [0],
        [0],
    )


def test_a_split_that_is_graded_whole_needs_no_picking(toy_split: Split, toy_labels: LabelSet) -> None:
    # The first three items alone: every item of the split is graded.
    split = replace(toy_split, ids=toy_split.ids[:3], labels=toy_split.labels[:3], media=("",) * 3)
    kept = toy_labels.pair_items < 3
    labels = replace(
        toy_labels,
        items=toy_labels.items[:3],
        original=toy_labels.original[:3],
        problematic=toy_labels.problematic[:3],
        pair_items=toy_labels.pair_items[kept],
        pair_classes=toy_labels.pair_classes[kept],
        pair_codes=toy_labels.pair_codes[kept],
    )
    counts = tally(np.array([[1, 3, 4], [2, 0, 0]], np.int16), prepare_key(labels, split, ref="toy@1"))
    assert counts.n_right.tolist() == [[1, 1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]]


def test_no_model_and_no_item(toy_split: Split, toy_labels: LabelSet) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    assert len(tally(np.empty((0, 8), np.int16), key)) == 0
    nothing = prepare_key(toy_labels, toy_split, ref="toy@1", only=np.array([], np.int32), slice_name="none")
    assert (
        sums(tally(np.zeros((2, 8), np.int16), nothing))
        == [dict.fromkeys(sums(tally(np.zeros((1, 8), np.int16), key))[0], 0)] * 2
    )


@pytest.mark.parametrize("shape", [(8,), (2, 7)], ids=["one dimension", "too short"])
def test_rows_of_another_length_are_refused(toy_split: Split, toy_labels: LabelSet, shape: tuple[int, ...]) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    with pytest.raises(InputError, match=r"top1: expected whole numbers of shape \(models, 8\); got int"):
        tally(np.zeros(shape, np.int16), key)


@pytest.mark.parametrize("columns", [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 7]], ids=["last left out", "one left out"])
def test_a_graded_item_that_is_no_column_is_refused(toy_split: Split, toy_labels: LabelSet, columns: list[int]) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1")
    with pytest.raises(InputError, match="columns: expected columns that hold every graded item"):
        tally(np.zeros((1, 6), np.int16), key, columns=np.array(columns))


def test_a_source_that_the_policy_cannot_grade_counts_nothing(
    toy_split: Split, toy_labels: LabelSet, toy_predictions: Predictions
) -> None:
    key = prepare_key(toy_labels, toy_split, ref="toy@1", policy="real")
    counts = tally_predictions(replace(toy_predictions, only_mistakes=True), key)
    assert set(sums(counts)[0].values()) == {0}


@st.composite
def label_sets(draw: st.DrawFn) -> LabelSet:
    """Any labels of the small split, as far as the record allows."""
    items = np.array(sorted(draw(st.sets(st.integers(0, N_ITEMS - 1)))), np.int32)
    n = len(items)
    pair = st.tuples(
        st.sampled_from(items.tolist()) if n else st.nothing(), st.integers(0, N_CLASSES - 1), st.integers(0, 2)
    )
    pairs = np.array(draw(st.lists(pair, max_size=40)) if n else [], np.int32).reshape(-1, 3)
    pair_items, pair_classes, pair_codes, _ = settle_overlaps(pairs[:, 0], pairs[:, 1], pairs[:, 2].astype(np.int8))
    return LabelSet(
        split="main",
        n_classes=N_CLASSES,
        items=items,
        original=np.array(draw(st.lists(st.integers(NO_LABEL, N_CLASSES - 1), min_size=n, max_size=n)), np.int32),
        problematic=np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), np.bool_),
        pair_items=pair_items,
        pair_classes=pair_classes,
        pair_codes=pair_codes,
    )


@given(
    before=label_sets(),
    after=label_sets(),
    top1=st.lists(
        st.lists(st.integers(NO_CLASS, N_CLASSES - 1), min_size=N_ITEMS, max_size=N_ITEMS), min_size=1, max_size=4
    ),
    labels=st.lists(st.integers(NO_LABEL, N_CLASSES - 1), min_size=N_ITEMS, max_size=N_ITEMS),
    more=st.sets(st.integers(0, N_ITEMS - 1)),
    policy=st.sampled_from(["multilabel", "real", "single"]),
    unclear=st.sampled_from(["accept", "reject"]),
    missing_is_right=st.booleans(),
)
def test_only_changed_items_counted_again_give_the_whole(
    *,
    before: LabelSet,
    after: LabelSet,
    top1: list[list[int]],
    labels: list[int],
    more: set[int],
    policy: Policy,
    unclear: UnclearRule,
    missing_is_right: bool,
) -> None:
    """Whatever changes, and also where unchanged items are among the columns."""
    split = Split("main", tuple(map(str, range(N_ITEMS))), np.array(labels, np.int32), ("",) * N_ITEMS)
    rows = np.array(top1, np.int16)
    columns = np.array(sorted({*more, *(item for item in range(N_ITEMS) if _differs(before, after, item))}), np.int32)

    def key(content: LabelSet, only: npt.NDArray[np.int32] | None = None) -> AnswerKey:
        name = None if only is None else "changed"
        return prepare_key(content, split, ref="a@1", policy=policy, unclear=unclear, only=only, slice_name=name)

    updated = retally(
        tally(rows, key(before), missing_is_right=missing_is_right),
        rows[:, columns],
        columns,
        old=key(before, columns),
        new=key(after, columns),
        missing_is_right=missing_is_right,
    )
    assert as_lists(updated) == as_lists(tally(rows, key(after), missing_is_right=missing_is_right))


def _differs(before: LabelSet, after: LabelSet, item: int) -> bool:
    def known(labels: LabelSet) -> object:
        at = np.flatnonzero(labels.items == item)
        pairs = labels.pairs_of(item)
        verdicts = labels.pair_classes[pairs].tolist(), labels.pair_codes[pairs].tolist()
        return labels.original[at].tolist(), labels.problematic[at].tolist(), verdicts

    return known(before) != known(after)
