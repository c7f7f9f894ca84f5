"""Cells as values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.cells import MAX_LENGTH, CellReader, as_seconds, as_time, is_storable
from regrade.formats.places import Place
from regrade.formats.tables import Table


def reader(**columns: list[object]) -> CellReader:
    frame = pl.DataFrame([pl.Series(name, values, strict=False) for name, values in columns.items()])
    return CellReader(Table(frame, Place("f.csv", first_row=2), typed=False))


def test_a_column_that_is_not_there_reads_as_empty() -> None:
    cells = reader(a=["x", "y"])
    assert (cells.has("a"), cells.has("b")) == (True, False)
    assert (cells.texts("b"), cells.flags("b"), cells.times("b")) == (["", ""], [False, False], [None, None])


def test_a_guarded_column_stands_for_its_own() -> None:
    cells = reader(guarded_a=["'=1", "''tis", "plain"])
    assert cells.has("a")
    assert cells.texts("a") == ["=1", "'tis", "plain"]


def test_values() -> None:
    cells = reader(word=["x", ""], flag=["1", "False"], count=["7", ""], seconds=["0.5", ""])
    assert cells.words("word", {"x": 1}) == [1, None]
    assert cells.flags("flag") == [True, False]
    assert cells.counts("count") == [7, None]
    assert cells.seconds("seconds") == [0.5, None]


def test_all_bad_rows_are_counted() -> None:
    with pytest.raises(
        InputError, match=r"f.csv, row 3: expected one of x in the column a; got 'y' \(1 more like it\)"
    ):
        reader(a=["x", "y", "z"]).words("a", {"x": 1})


def test_times_are_brought_to_utc() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert as_time("2026-03-01T12:00:00Z") == as_time("2026-03-01T14:00+02:00") == noon
    assert as_time(noon.astimezone(timezone(timedelta(hours=5)))).tzinfo is UTC
    for wrong in ("2026-03-01", "now", 3, None):
        with pytest.raises(ValueError, match=r"zone|Invalid"):
            as_time(wrong)


@pytest.mark.parametrize("value", ["x", "inf", "-0.1", True, None, [1]])
def test_seconds_are_finite_and_not_negative(value: object) -> None:
    with pytest.raises(ValueError, match=r"number|float"):
        as_seconds(value)
    assert as_seconds("1e3") == 1000


def test_what_can_be_stored() -> None:
    assert is_storable("é\n🥯")
    assert not any(map(is_storable, ("\0", "\ud800", "x" * (MAX_LENGTH + 1))))
