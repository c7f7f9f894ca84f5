"""Messages say where, and never print what a file smuggles in."""

from __future__ import annotations

import pytest

from regrade.formats.places import Place, list_some, show


def test_an_error_counts_rows_from_the_first_data_row() -> None:
    error = Place("f.csv", first_row=2).error("x", got="y", rows=[3, 5, 6], remedy="Do z.")
    assert str(error) == "f.csv, row 5: expected x; got y (2 more like it). Do z."
    assert (error.where, error.row, error.n_more) == ("f.csv", 5, 2)


def test_an_array_has_row_indices() -> None:
    assert str(Place("f.npy").error("x", got="y", rows=[3])) == "f.npy, row index 3: expected x; got y."


def test_a_json_object_names_the_item() -> None:
    error = Place("f.json", keys=["a", "b"]).error("x", got="y", rows=[1])
    assert str(error) == "f.json, item 'b': expected x; got y."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("a\x1b[31m", r"'a\x1b[31m'", id="terminal escape"),
        pytest.param("x" * 100, "'" + "x" * 58 + "…", id="long"),
        pytest.param(1.5, "1.5", id="number"),
    ],
)
def test_shown_values_are_short_and_escaped(value: object, shown: str) -> None:
    assert show(value) == shown


def test_listed_names_are_cut_and_escaped() -> None:
    assert list_some(["a", "b\x1b", "c"], limit=2) == r"a, 'b\x1b' and 1 more"
    assert list_some([]) == ""
