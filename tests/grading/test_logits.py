"""Grading from scores of all classes, against sorting them and grading the ranks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from regrade.grading import grade, prepare_key
from regrade.grading.logits import LogitSheet, rank_labels
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]


def sort_classes(values: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """(r, C) class ids by score, ties to the lowest id."""
    return np.argsort(-values.astype(np.float64), axis=1, kind="stable")


@pytest.mark.parametrize("n_classes", [1, 2, 7, 8, 16, 1000, 2040, 2048], ids=lambda n: f"{n} classes")
@pytest.mark.parametrize("n_values", [2, 5, 1_000_000], ids=["many ties", "ties", "no ties"])
def test_ranks_are_those_of_sorting(n_classes: int, n_values: int) -> None:
    rng = np.random.default_rng(n_classes)
    values = rng.integers(0, n_values, (40, n_classes)).astype(np.float32) - 3
    labels = rng.integers(0, n_classes, 40)
    ranks = rank_labels(values, labels)
    order = sort_classes(values)
    assert ranks.top1.tolist() == order[:, 0].tolist()
    assert ranks.n_before.tolist() == np.argmax(order == labels[:, None], axis=1).tolist()
    assert ranks.tied.tolist() == (np.count_nonzero(values == values.max(axis=1)[:, None], axis=1) > 1).tolist()
    assert ranks.level.tolist() == [len(np.unique(row)) == 1 for row in values]
    assert ranks.finite.all()


@given(
    values=arrays.arrays(
        np.float32, st.tuples(st.integers(0, 6), st.just(8)), elements=st.sampled_from([-1.5, 0.0, 0.25, 3.0])
    ),
    label=st.integers(0, 7),
)
def test_ranks_are_those_of_sorting_on_rows_full_of_ties(values: npt.NDArray[np.float32], label: int) -> None:
    ranks = rank_labels(values, np.full(len(values), label))
    order = sort_classes(values)
    assert ranks.top1.tolist() == order[:, 0].tolist()
    assert ranks.n_before.tolist() == [row.index(label) for row in order.tolist()]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf], ids=["NaN", "infinity", "minus infinity"])
@pytest.mark.parametrize("place", [0, 3, 7])
def test_rows_that_are_not_finite_are_told(bad: float, place: int) -> None:
    values = np.tile(np.arange(8, dtype=np.float32), (3, 1))
    values[1, place] = bad
    assert rank_labels(values, np.array([0, 0, 0])).finite.tolist() == [True, False, True]


def scores_of(predictions: Predictions, seed: int) -> npt.NDArray[np.float32]:
    """Scores that rank as the predictions do where they rank at all; in others in any order."""
    rng = np.random.default_rng(seed)
    scores = rng.random((len(predictions.classes), predictions.n_classes)).astype(np.float32)
    for row, ranks in zip(scores, predictions.classes, strict=True):
        if ranks[0] >= 0:
            row[ranks] = np.linspace(1, 0, len(ranks))
    return scores


@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
@pytest.mark.parametrize("seed", range(5))
def test_a_grade_is_that_of_the_ranks(random_case: RandomCase, policy: Policy, seed: int) -> None:
    split, labels, predictions = random_case(seed)
    scores = scores_of(predictions, seed)
    scores[:20, :3] = scores[:20].max(axis=1)[:, None]  # ties at the top
    key = prepare_key(labels, split, ref="a@1", policy=policy)
    sheet = LogitSheet(key)
    for start in (40, 0, 20):  # blocks in any order
        sheet.add(start, scores[start : start + 20])
    n_ties = int(np.count_nonzero(np.sort(scores, axis=1)[:, -1] == np.sort(scores, axis=1)[:, -2]))
    assert n_ties >= 20
    ranked = replace(predictions, classes=sort_classes(scores).astype(np.int16), scores=None, n_ties=n_ties)
    assert sheet.grade("toy") == grade(ranked, key)
    assert not sheet.has_bad_rows


def test_items_without_any_label_leave_top_1_and_top_5_undefined(random_case: RandomCase) -> None:
    split, labels, predictions = random_case(0)
    none = np.full(len(split), -1, np.int32)
    key = prepare_key(replace(labels, original=none[: len(labels.items)]), replace(split, labels=none), ref="a@1")
    sheet = LogitSheet(key)
    sheet.add(0, scores_of(predictions, 0))
    graded = sheet.grade("toy")
    assert (graded.n_items, graded.top1_accuracy, graded.top5_accuracy) == (0, None, None)
    assert "top1_accuracy and top5_accuracy are undefined: no item has a label and a prediction." in graded.notes


@pytest.mark.parametrize("row", [[np.nan, 0, 0, 0, 0, 0, 0], [2.0] * 7], ids=["not finite", "all equal"])
def test_rows_that_name_no_class_are_told(random_case: RandomCase, row: list[float]) -> None:
    split, labels, predictions = random_case(0)
    sheet = LogitSheet(prepare_key(labels, split, ref="a@1"))
    scores = scores_of(predictions, 0)
    scores[13] = row
    sheet.add(0, scores)
    assert sheet.has_bad_rows
