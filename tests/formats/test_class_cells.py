"""Cells that name classes."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.class_cells import UNKNOWN, ClassLookup, read_class_column
from regrade.formats.places import Place
from regrade.formats.tables import Table
from regrade.records.classes import ClassList
from regrade.records.predictions import NO_CLASS

PLACE = Place("f.csv", first_row=2)


def column(values: list[object], dtype: pl.DataType | type[pl.DataType], *, typed: bool = False) -> Table:
    return Table(pl.DataFrame({"class": pl.Series(values, dtype=dtype)}), PLACE, typed=typed)


@pytest.mark.parametrize(
    ("text", "class_id"),
    [
        pytest.param("0", 0, id="first id"),
        pytest.param("3", 3, id="last id"),
        pytest.param("n2", 1, id="key"),
        pytest.param("4", UNKNOWN, id="C"),
        pytest.param("-1", UNKNOWN, id="-1"),
        pytest.param("1.5", UNKNOWN, id="1.5"),
        pytest.param("1.0", UNKNOWN, id="1.0"),
        pytest.param("true", UNKNOWN, id="true"),
        pytest.param(str(2**63), UNKNOWN, id="2^63"),
        pytest.param("9" * 5000, UNKNOWN, id="5,000 digits"),
        pytest.param("01", UNKNOWN, id="leading zero"),
        pytest.param("+1", UNKNOWN, id="sign"),
        pytest.param(" 1", UNKNOWN, id="blank"),
        pytest.param("１", UNKNOWN, id="full-width digit"),
        pytest.param("N2", UNKNOWN, id="other case"),
        pytest.param("beagle", UNKNOWN, id="name"),
    ],
)
def test_text_is_an_id_or_a_key(classes: ClassList, text: str, class_id: int) -> None:
    assert ClassLookup(classes).find_text(text) == class_id
    if class_id == UNKNOWN:
        with pytest.raises(InputError, match=r"f.csv, row 3: expected a class id 0\.\.3 or a class key; got '"):
            read_class_column(column(["1", text], pl.String), "class", ClassLookup(classes))


@pytest.mark.parametrize(
    ("text", "class_id"),
    [
        pytest.param("beagle", 2, id="unique name"),
        pytest.param("crane", UNKNOWN, id="name of two classes"),
        pytest.param("n1", 0, id="key"),
        pytest.param("2", 2, id="id"),
    ],
)
def test_a_unique_name_where_names_are_allowed(classes: ClassList, text: str, class_id: int) -> None:
    assert ClassLookup(classes, names=True).find_text(text) == class_id


def test_a_name_that_reads_as_the_id_of_another_class_is_refused(classes: ClassList) -> None:
    odd = replace(classes, names=("crane", "crane", "0", "3"))
    lookup = ClassLookup(odd, names=True)
    assert lookup.find_text("0") == UNKNOWN  # id of n1, name of n3
    assert lookup.find_text("3") == 3  # id and name of one class


def test_the_message_says_whose_name_it_is(classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"got 'crane', which is the name of class 0, 1\. Use the class ids and keys"):
        read_class_column(column(["crane"], pl.String), "class", ClassLookup(classes, names=True))


def test_a_key_in_another_unicode_form_is_found(classes: ClassList) -> None:
    accented = replace(classes, keys=("caf\u00e9", "n2", "n3", "n4"))
    assert ClassLookup(accented).find_text("cafe\u0301") == 0


@pytest.mark.parametrize(
    ("value", "class_id"),
    [
        pytest.param(1, 1, id="id"),
        pytest.param("n2", 1, id="key"),
        pytest.param("1", UNKNOWN, id='"1"'),
        pytest.param(True, UNKNOWN, id="true"),
        pytest.param(1.0, UNKNOWN, id="1.0"),
        pytest.param(-1, UNKNOWN, id="-1"),
        pytest.param(4, UNKNOWN, id="C"),
        pytest.param(2**63, UNKNOWN, id="2^63"),
        pytest.param(None, UNKNOWN, id="null"),
        pytest.param([1], UNKNOWN, id="list"),
    ],
)
def test_typed_values(classes: ClassList, value: object, class_id: int) -> None:
    lookup = ClassLookup(classes)
    assert lookup.find_value(value) == class_id
    if class_id == UNKNOWN:
        with pytest.raises(InputError, match=r"f.json, row index 1: expected a class id 0\.\.3"):
            lookup.find_values([0, value], Place("f.json"))


@pytest.mark.parametrize(
    ("values", "dtype", "typed", "ids"),
    [
        pytest.param(["1", "n3", ""], pl.String, False, [1, 2, NO_CLASS], id="text"),
        pytest.param(["n1", None, "n3"], pl.String, True, [0, NO_CLASS, 2], id="typed keys"),
        pytest.param([3, None, 0], pl.UInt64, False, [3, NO_CLASS, 0], id="unsigned"),
        pytest.param([3, "n1", None], pl.Object, True, [3, 0, NO_CLASS], id="mixed"),
        pytest.param([None, None], pl.Null, False, [NO_CLASS, NO_CLASS], id="nothing"),
    ],
)
def test_columns(
    classes: ClassList, values: list[object], dtype: type[pl.DataType], typed: bool, ids: list[int]
) -> None:
    table = column(values, dtype, typed=typed)
    assert read_class_column(table, "class", ClassLookup(classes), optional=True).tolist() == ids
    with pytest.raises(InputError, match="expected a value in the column class; got an empty cell"):
        read_class_column(table, "class", ClassLookup(classes))


@pytest.mark.parametrize(
    ("values", "dtype", "typed", "message"),
    [
        pytest.param([None, 1, 4], pl.Int64, False, "row 4: .* got 4", id="C"),
        pytest.param([None, 1, -1], pl.Int8, False, "row 4: .* got -1", id="-1"),
        pytest.param([None, 1, 2**63], pl.UInt64, False, "row 4: .* got 9223372036854775808", id="2^63"),
        pytest.param([None, 1.0, 1.5], pl.Float64, False, "row 3: .* got 1.0 .1 more", id="float"),
        pytest.param([None, True], pl.Boolean, False, "row 3: .* got True", id="true"),
        pytest.param([None, "1"], pl.String, True, "row 3: .* got '1'", id='"1"'),
    ],
)
def test_bad_columns_name_the_row(
    classes: ClassList, values: list[object], dtype: type[pl.DataType], typed: bool, message: str
) -> None:
    with pytest.raises(InputError, match=f"f.csv, {message}"):
        read_class_column(column(values, dtype, typed=typed), "class", ClassLookup(classes), optional=True)
