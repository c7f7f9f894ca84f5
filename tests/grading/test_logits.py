"""Grading from scores of all classes, against sorting them and grading the ranks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from regrade.grading import grade, prepare_key
from regrade.grading.logits import LogitRanks, LogitSheet, rank_labels
from regrade.records.grades import Policy
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import Predictions

RandomCase = Callable[[int], tuple[Split, LabelSet, Predictions]]


def sort_classes(values: npt.NDArray[np.floating]) -> npt.NDArray[np.int64]:
    """(r, C) class ids by score, ties to the lowest id."""
    return np.argsort(-values.astype(np.float64), axis=1, kind="stable")


class SlowRow(NamedTuple):
    """What `rank_labels` should say of one row of finite scores."""

    best: int
    second: int | None
    in_top5: bool
    tied: bool
    level: bool


def look_at(row: list[float], label: int) -> SlowRow:
    """One row in plain Python."""
    order = sorted(range(len(row)), key=lambda class_id: (-row[class_id], class_id))
    return SlowRow(
        best=order[0],
        second=order[1] if len(row) > 1 else None,
        in_top5=label in order[:5],
        tied=row.count(max(row)) > 1,
        level=len(row) > 1 and len(set(row)) == 1,
    )


def rows_of(ranks: LogitRanks, n_classes: int) -> list[SlowRow]:
    """The same from what was found."""
    columns = (ranks.in_top5.tolist(), ranks.tied.tolist(), ranks.level.tolist())
    best, second = ranks.best.tolist()
    return [SlowRow(*row) for row in zip(best, second if n_classes > 1 else [None] * len(best), *columns, strict=True)]


@pytest.mark.parametrize("n_classes", [1, 2, 3, 4, 5, 6, 7, 16, 1000, 2049], ids=lambda n: f"{n} classes")
@pytest.mark.parametrize("n_values", [2, 5, 1_000_000], ids=["many ties", "ties", "no ties"])
def test_ranks_are_those_of_sorting(n_classes: int, n_values: int) -> None:
    rng = np.random.default_rng(n_classes)
    values = rng.integers(0, n_values, (40, n_classes)).astype(np.float32) - 3
    labels = rng.integers(0, n_classes, 40)
    ranks = rank_labels(values, labels)
    slow = [look_at(row, label) for row, label in zip(values.tolist(), labels.tolist(), strict=True)]
    assert rows_of(ranks, n_classes) == slow
    assert ranks.finite.all()


def test_more_rows_than_the_cache_holds() -> None:
    """2**20 bytes are 5,242 rows of 50: 12,000 rows are two such blocks and a part of one."""
    rng = np.random.default_rng(7)
    values = rng.integers(0, 1000, (12_000, 50)).astype(np.float32)
    values[[5, 5_241, 5_242, 11_999]] = 1
    values[[6, 6_000], 49] = -np.inf
    labels = rng.integers(0, 50, 12_000)
    ranks = rank_labels(values, labels)
    good = np.delete(np.arange(12_000), [6, 6_000])
    assert np.flatnonzero(~ranks.finite).tolist() == [6, 6_000]
    assert np.flatnonzero(ranks.level).tolist() == [5, 5_241, 5_242, 11_999]
    order = np.argsort(-values[good], axis=1, kind="stable")
    assert ranks.best[:, good].T.tolist() == order[:, :2].tolist()
    assert ranks.in_top5[good].tolist() == (order[:, :5] == labels[good, None]).any(axis=1).tolist()


SCORES = arrays.arrays(
    st.sampled_from([np.float32, np.float64]),
    st.tuples(st.integers(0, 6), st.integers(1, 9)),
    elements=st.sampled_from([-1.5, -0.0, 0.0, 0.25, 3.0, np.nan, np.inf, -np.inf]),
    fill=st.sampled_from([0.0, 3.0]),
)


@given(values=SCORES, label=st.integers(0, 8), order=st.sampled_from("CF"))
def test_rows_of_any_kind_are_looked_at_as_one_by_one(
    values: npt.NDArray[np.floating], label: int, order: Literal["C", "F"]
) -> None:
    """Ties, rows with one score, and rows that hold NaN or infinities beside good ones."""
    before = np.array(values, order=order)
    label %= values.shape[1]
    ranks = rank_labels(before, np.full(len(values), label))
    np.testing.assert_array_equal(before, values)  # a copy was worked on
    rows = values.tolist()
    finite = [all(map(math.isfinite, row)) for row in rows]
    assert ranks.finite.tolist() == finite
    for row, looked_at, is_finite in zip(rows, rows_of(ranks, values.shape[1]), finite, strict=True):
        assert not is_finite or looked_at == look_at(row, label)


@pytest.mark.parametrize("layout", ["writable", "read-only", "by columns", "every other row"])
def test_overwriting_gives_the_same(layout: str) -> None:
    values = np.random.default_rng(2).integers(0, 9, (50, 12)).astype(np.float32)
    labels = np.arange(50) % 12
    expected = rank_labels(values, labels)
    given_away = {
        "writable": values.copy(),
        "read-only": np.frombuffer(values.tobytes(), np.float32).reshape(50, 12),
        "by columns": np.asfortranarray(values),
        "every other row": np.repeat(values, 2, axis=0)[::2],
    }[layout]
    for array, same in zip(rank_labels(given_away, labels, overwrite=True), expected, strict=True):
        np.testing.assert_array_equal(array, same)


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
