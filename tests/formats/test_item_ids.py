"""Finding items."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.item_ids import find_items, read_ids, refuse_repeated, refuse_repeated_texts
from regrade.formats.places import Place
from regrade.formats.tables import Table
from regrade.records.items import Split

PLACE = Place("f.csv", first_row=2)


def table(values: list[object], dtype: type[pl.DataType]) -> Table:
    return Table(pl.DataFrame({"id": pl.Series(values, dtype=dtype)}), PLACE, typed=True)


def test_ids_are_normalized_text() -> None:
    assert read_ids(table(["cafe\u0301"], pl.String), "id") == ["caf\u00e9"]
    assert read_ids(table([7, 8], pl.Int32), "id") == ["7", "8"]


@pytest.mark.parametrize(
    ("values", "dtype", "message"),
    [
        pytest.param(["a", ""], pl.String, "row 3: expected a value in the column id; got an empty cell", id="empty"),
        pytest.param(["a", None], pl.String, "row 3: expected a value in the column id", id="null"),
        pytest.param([1, None], pl.Int64, "row 3: expected a value in the column id", id="null number"),
        pytest.param([True], pl.Boolean, "expected item ids .* got values like True", id="truth value"),
        pytest.param([1.5], pl.Float64, "expected item ids .* got values like 1.5", id="float"),
        pytest.param([1, "a"], pl.Object, "expected item ids .* got values like 1", id="mixed"),
    ],
)
def test_other_ids_are_refused(values: list[object], dtype: type[pl.DataType], message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_ids(table(values, dtype), "id")


def test_items_are_found_in_any_order(split: Split) -> None:
    assert find_items(["c", "a", "c"], split, PLACE, unique=False).tolist() == [2, 0, 2]


def test_unknown_items_are_counted(split: Split) -> None:
    with pytest.raises(
        InputError, match=r"f.csv, row 3: .* split main .3 items, such as 'a'.; got 'x' .1 more like it"
    ):
        find_items(["a", "x", "y"], split, PLACE, unique=True)


def test_repeated_items_are_refused(split: Split) -> None:
    with pytest.raises(InputError, match=r"f.csv, row 4: expected each item once; got 'b' again"):
        find_items(["b", "a", "b"], split, PLACE, unique=True)


def test_repeated_rows_name_the_second_one() -> None:
    with pytest.raises(InputError, match=r"row 4: expected x; got 'p' again .1 more like it"):
        refuse_repeated(["p", "q", "p", "q"], np.array([5, 3, 5, 3]), PLACE, expected="x")
    with pytest.raises(InputError, match=r"row 4: expected x; got 'p' again"):
        refuse_repeated_texts(["p", "q", "p"], PLACE, expected="x")
    refuse_repeated_texts([], PLACE, expected="x")
