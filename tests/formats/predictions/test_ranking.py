"""Ranks from logits and probabilities, against plain loops in Python."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.special import softmax

from regrade.errors import InputError
from regrade.formats.arrays import open_npy
from regrade.formats.predictions.assembly import RankedRows
from regrade.formats.predictions.ranking import rank_scores


def rank(folder: Path, array: npt.NDArray[Any]) -> RankedRows:
    path = folder / "logits.npy"
    np.save(path, array)
    return rank_scores(open_npy(path))


def test_logits_are_softened(tmp_path: Path) -> None:
    # exp(ln 6), exp(ln 3), exp(0) = 6, 3, 1: probabilities 0.6, 0.3, 0.1.
    rows = rank(tmp_path, np.array([[0.0, math.log(6), math.log(3)]], np.float32))
    assert rows.classes.tolist() == [[1, 2, 0]]
    assert rows.scores is not None
    np.testing.assert_allclose(rows.scores, [[0.6, 0.3, 0.1]], rtol=1e-7)
    assert (rows.score_kind, rows.n_ties, rows.items) == ("probability", 0, None)


def test_probabilities_stay_as_they_are(tmp_path: Path) -> None:
    rows = rank(tmp_path, np.array([[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]]))
    assert rows.classes.tolist() == [[2, 1, 0], [0, 1, 2]]
    assert rows.scores is not None
    assert rows.scores.tolist() == [[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param([0.2, 0.3, 0.502], id="sum 1.002"),
        pytest.param([-0.1, 0.5, 0.6], id="below 0"),
        pytest.param([0.0, 0.0, 1.0005], id="above 1"),
    ],
)
def test_one_row_that_is_no_probability_makes_all_logits(tmp_path: Path, second: list[float]) -> None:
    array = np.array([[0.2, 0.3, 0.5], second])
    rows = rank(tmp_path, array)
    assert rows.scores is not None
    np.testing.assert_allclose(rows.scores, -np.sort(-softmax(array, axis=1)), rtol=1e-12)


def test_half_precision_probabilities_over_many_classes_are_known(tmp_path: Path) -> None:
    values = softmax(np.random.default_rng(0).normal(size=(50, 1000)), axis=1).astype(np.float16)
    rows = rank(tmp_path, values)
    assert rows.scores is not None
    np.testing.assert_array_equal(rows.scores[:, 0], values.max(axis=1))


def test_ties_go_to_the_lowest_class_and_are_counted(tmp_path: Path) -> None:
    rows = rank(tmp_path, np.array([[1.0, 3.0, 3.0, 0.0], [2.0, 5.0, 2.0, 2.0], [7.0, 7.0, 7.0, 1.0]]))
    assert rows.classes.tolist() == [[1, 2, 0, 3], [1, 0, 2, 3], [0, 1, 2, 3]]
    assert rows.n_ties == 2


def test_ties_at_the_tenth_rank_go_to_the_lowest_class(tmp_path: Path) -> None:
    rows = rank(tmp_path, np.array([[0.0] * 20 + [1.0]]))
    assert rows.classes.tolist() == [[20, *range(9)]]


@pytest.mark.parametrize("n_ranks", [1, 2, 3])
def test_fewer_ranks_are_the_first_ones_and_ties_are_still_counted(tmp_path: Path, n_ranks: int) -> None:
    np.save(tmp_path / "a.npy", np.array([[0.0, 3.0, 3.0], [2.0, 5.0, 4.0]]))
    rows = rank_scores(open_npy(tmp_path / "a.npy"), n_ranks=n_ranks)
    assert rows.classes.tolist() == [[1, 2, 0][:n_ranks], [1, 2, 0][:n_ranks]]
    assert rows.scores is not None
    assert rows.scores.shape == (2, n_ranks)
    assert rows.n_ties == 1


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_nan_and_infinity_are_refused(tmp_path: Path, value: float, dtype: type[np.floating]) -> None:
    array = np.arange(1500, dtype=dtype).reshape(500, 3) % 7
    array[[300, 499], 1] = value
    with pytest.raises(
        InputError, match=r"row index 300: expected finite numbers in every row; got NaN or inf.*1 more"
    ):
        rank(tmp_path, array)


def test_a_row_of_equal_scores_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"row index 1: expected scores that tell the classes apart; got 0.25 for every"
    ):
        rank(tmp_path, np.array([[0.25, 0.5], [0.25, 0.25]]))


def test_one_class_is_no_tie(tmp_path: Path) -> None:
    rows = rank(tmp_path, np.array([[3.0], [4.0]]))
    assert (rows.classes.tolist(), rows.n_ties) == ([[0], [0]], 0)


@pytest.mark.parametrize("value", [1e308, 3e38, 1e-320])
def test_extreme_logits_do_not_overflow(tmp_path: Path, value: float) -> None:
    rows = rank(tmp_path, np.array([[value, -value, 0.0]]))
    assert rows.scores is not None
    assert np.isfinite(rows.scores).all()
    assert rows.classes[0].tolist() == [0, 2, 1]


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [">f4", "<f8", "<f2"])
def test_layout_and_byte_order_do_not_matter(tmp_path: Path, order: Any, dtype: str) -> None:
    array = np.random.default_rng(1).normal(size=(700, 12)).astype(np.float16)
    expected = rank(tmp_path, array.astype(np.float32))
    found = rank(tmp_path, np.asarray(array, dtype, order=order))
    np.testing.assert_array_equal(found.classes, expected.classes)
    assert found.scores is not None
    assert expected.scores is not None
    np.testing.assert_allclose(found.scores, expected.scores, rtol=1e-12)


@settings(deadline=None, max_examples=60)
@given(
    array=arrays.arrays(
        np.float32,
        arrays.array_shapes(min_dims=2, max_dims=2, max_side=15),
        elements=st.sampled_from([-2.0, 0.0, 0.25, 0.5, 1.0, 3.0]),
    )
)
def test_any_ranking_equals_a_sort_in_python(
    tmp_path_factory: pytest.TempPathFactory, array: npt.NDArray[np.float32]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    lists = array.tolist()
    if array.shape[1] > 1 and any(min(row) == max(row) for row in lists):
        with pytest.raises(InputError, match="expected scores that tell the classes apart"):
            rank(folder, array)
        return
    rows = rank(folder, array)
    orders = [sorted((-value, class_id) for class_id, value in enumerate(row)) for row in lists]
    assert rows.classes.tolist() == [[class_id for _, class_id in order[:10]] for order in orders]
    assert rows.n_ties == sum(row.count(max(row)) > 1 for row in lists)
    if all(min(row) >= 0 and abs(sum(row) - 1) < 1e-3 for row in lists):
        expected = array.astype(np.float64)
    else:
        expected = softmax(array.astype(np.float64), axis=1)
    assert rows.scores is not None
    np.testing.assert_allclose(rows.scores, np.take_along_axis(expected, rows.classes, axis=1), rtol=1e-12)
