"""What is taken for an array, and in which words all else is refused; the laws of all functions are in the metrics'."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.grading import arrays


def test_an_empty_list_is_of_any_type() -> None:
    assert arrays.read_truths([], "right").dtype == np.bool_
    assert arrays.read_integers([], "labels").dtype == np.int64
    assert arrays.read_shares([], "confidence").dtype == np.float64


def test_a_large_array_that_fits_is_not_copied() -> None:
    ids, scores, right = np.zeros((3, 4), np.int16), np.zeros((3, 4), np.float32), np.zeros(3, np.bool_)
    assert arrays.read_integers(ids, "ranks", ("n", "r"), lowest=0) is ids
    assert arrays.read_scores(scores, "values") is scores
    assert arrays.read_truths(right, "right") is right


@pytest.mark.parametrize(
    ("values", "got"),
    [
        ([True, False], r"right: expected booleans, or the numbers 0 and 1, of shape \(3,\); got bool of shape \(2,\)"),
        ([0.5, 0.5, 0.5], r"of shape \(3,\); got float64 of shape \(3,\)"),
        (["a", "b", "c"], r"got text of shape \(3,\)"),
        ([True, None, False], r"got objects of shape \(3,\)"),
        ([[True], [True, False]], "got rows of unlike length"),
        ([0, 2, 3], r"expected booleans, or the numbers 0 and 1; got 2 at position 1 \(1 more like it\)"),
    ],
)
def test_truth_values_are_told_from_all_else(values: npt.ArrayLike, got: str) -> None:
    with pytest.raises(InputError, match=got):
        arrays.read_truths(values, "right", (3,))


def test_rounding_beyond_0_and_1_is_cut_off() -> None:
    # 1 + 1e-7 is what single precision makes of some probabilities; 1 + 1e-5 is none.
    assert arrays.read_shares([-1e-7, 1 + 1e-7], "confidence").tolist() == [0.0, 1.0]
    assert arrays.read_share(1 + 1e-7, "p") == 1.0
    with pytest.raises(InputError, match=r"confidence: expected numbers from 0 to 1; got 1.00001 at position 1"):
        arrays.read_shares([0.5, 1 + 1e-5], "confidence")
    with pytest.raises(InputError, match="p: expected a number from 0 to 1; got nan"):
        arrays.read_share(float("nan"), "p")


def test_a_place_in_a_table_has_two_numbers() -> None:
    with pytest.raises(InputError, match="ranks: expected whole numbers from 0 to 4; got 9 at position 1, 0"):
        arrays.read_integers([[0, 1], [9, 2]], "ranks", ("n", "r"), lowest=0, n=5)


def test_counts_broadcast() -> None:
    both, none = arrays.read_counts(n_both=[[1, 2], [3, 4]], none=0)
    assert both.shape == (2, 2)
    assert none.shape == ()
    with pytest.raises(InputError, match=r"a, b: expected counts of one shape; got the shapes \(2,\), \(3,\)"):
        arrays.read_counts(a=[1, 2], b=[1, 2, 3])


def test_unsigned_ids_can_be_compared_with_marks_below_0() -> None:
    assert arrays.read_integers(np.array([1, 2], np.uint8), "labels").dtype == np.int64


def test_marks_below_0_may_repeat_in_a_row() -> None:
    arrays.refuse_repeated(np.array([[1, -1, -1], [2, 0, 1]]), "ranks")
    with pytest.raises(InputError, match=r"got \[2, 0, 2\] in row 0 \(1 more like it\)"):
        arrays.refuse_repeated(np.array([[2, 0, 2], [1, 1, 0]]), "ranks")


def test_a_pair_twice_is_refused() -> None:
    # Item 1, class 0 and item 0, class 2 would meet if classes were not told apart.
    assert arrays.read_accepted_pairs([1, 0], [0, 2], n_items=2).items.tolist() == [1, 0]
    with pytest.raises(InputError, match="expected each pair once; got 1 that came before"):
        arrays.read_accepted_pairs([1, 0, 1], [0, 2, 0], n_items=2)
