"""Cells that hold scores."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.places import Place
from regrade.formats.predictions.score_cells import check_scored, read_scores
from regrade.formats.tables import Table

PLACE = Place("f.csv", first_row=2)


def column(values: list[object], *, typed: bool = False) -> Table:
    return Table(pl.DataFrame({"s": values}), PLACE, typed=typed)


@pytest.mark.parametrize(
    ("values", "scores"),
    [
        pytest.param(["0.5", "", "-1e3"], [0.5, np.nan, -1000.0], id="text"),
        pytest.param([1, None, -2], [1.0, np.nan, -2.0], id="integers"),
        pytest.param([None, None], [np.nan, np.nan], id="nothing"),
    ],
)
def test_numbers_are_read(values: list[object], scores: list[float]) -> None:
    np.testing.assert_array_equal(read_scores(column(values), "s", probability=False), scores)


def test_rounding_beyond_the_ends_is_cut_off() -> None:
    found = read_scores(column(["1.000001", "-0.000001", "0.5"]), "s", probability=True)
    assert found.tolist() == [1.0, 0.0, 0.5]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param([0.5, float("nan")], "row 3: expected a finite number in the column s; got nan", id="NaN"),
        pytest.param([0.5, float("-inf")], "row 3: expected a finite number in the column s; got -inf", id="infinity"),
        pytest.param([True], "row 2: expected a finite number in the column s; got True", id="truth values"),
    ],
)
def test_other_values_are_refused(values: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_scores(column(values), "s", probability=False)


def test_mixed_values_are_read_one_by_one() -> None:
    good = Table(pl.DataFrame({"s": pl.Series([1, 0.5, None], dtype=pl.Object)}), PLACE, typed=True)
    np.testing.assert_array_equal(read_scores(good, "s", probability=False), [1.0, 0.5, np.nan])
    for value in (True, "1", [1], 10**400):
        bad = Table(pl.DataFrame({"s": pl.Series([1, value], dtype=pl.Object)}), PLACE, typed=True)
        with pytest.raises(InputError, match=r"row 3: expected a finite number in the column s; got "):
            read_scores(bad, "s", probability=False)


def test_text_is_no_number_where_the_source_has_numbers() -> None:
    with pytest.raises(InputError, match=r"row 2: expected a finite number in the column s; got '0.5'"):
        read_scores(column(["0.5"], typed=True), "s", probability=False)


def test_classes_and_scores_come_together() -> None:
    check_scored(np.array([[1, -1]], np.int32), np.array([[0.5, np.nan]]), PLACE)
    with pytest.raises(
        InputError, match=r"row 3: expected a score for every predicted class; got one without the other"
    ):
        check_scored(np.array([[1], [-1]], np.int32), np.array([[0.5], [0.5]]), PLACE)
