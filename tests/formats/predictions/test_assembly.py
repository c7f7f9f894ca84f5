"""From ranked rows to the order of the split."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats.places import Place
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions, check_ranks
from regrade.formats.predictions.registry import PredictionRequest
from regrade.records.classes import ClassList
from regrade.records.items import Split


@pytest.fixture
def request_(split: Split, classes: ClassList) -> PredictionRequest:
    return PredictionRequest(split, classes, "m", "model", allow_missing=True, columns=None)


def test_rows_are_put_in_the_order_of_the_split(request_: PredictionRequest) -> None:
    rows = RankedRows(
        np.array([2, 0]), np.array([[3, -1], [1, 2]]), np.array([[0.5, np.nan], [0.75, 0.25]]), "score", 1
    )
    predictions = assemble_predictions(rows, request_, Place("f"))
    assert predictions.classes.tolist() == [[1, 2], [-1, -1], [3, -1]]
    assert predictions.scores is not None
    np.testing.assert_array_equal(predictions.scores, np.array([[0.75, 0.25], [np.nan] * 2, [0.5, np.nan]], np.float32))
    assert predictions.scores.dtype == np.float32
    assert (predictions.score_kind, predictions.n_ties, predictions.n_missing) == ("score", 1, 1)


def test_ten_ranks_are_kept(split: Split) -> None:
    names = tuple(map(str, range(12)))
    request = PredictionRequest(split, ClassList(names, names, names, names), "m", "model", False, None)
    predictions = assemble_predictions(RankedRows(None, np.tile(np.arange(12), (3, 1))), request, Place("f"))
    assert predictions.classes.tolist() == [list(range(10))] * 3


def test_a_class_twice_in_a_row_is_refused() -> None:
    check_ranks(np.array([[0, 1, -1, -1], [2, 1, 0, -1]]), Place("f"), remedy="")
    check_ranks(np.array([[0], [0]]), Place("f"), remedy="")
    with pytest.raises(
        InputError, match=r"f, row index 1: expected each class once .*; got class 2 twice .1 more .*Mend"
    ):
        check_ranks(np.array([[0, 1, 2], [2, 1, 2], [1, 1, 0]], np.uint16), Place("f"), remedy="Mend it.")
