"""Label sets as CSV and Parquet."""

from __future__ import annotations

from io import BytesIO

import polars as pl
import pytest

from regrade.errors import InputError
from regrade.formats.exports.verdict_table import write_csv, write_parquet
from regrade.records.items import NO_LABEL, Split
from regrade.records.provenance import LabelSheet
from tests.formats.exports.conftest import Rows, SheetOf


def test_csv(sheet: LabelSheet) -> None:
    document = write_csv(sheet)
    assert document.content.decode() == (
        "id,original_label,correct,unclear,wrong,problematic\na,0,0,3,1;2,0\nb,1,,,,1\n"
    )
    assert document.warnings == ()
    assert document.companions == ()


def test_an_item_without_a_label_has_an_empty_cell(sheet_of: SheetOf) -> None:
    text = write_csv(sheet_of([(2, NO_LABEL, {1: "correct"}, False)])).content.decode()
    assert text.splitlines()[1] == "c,,1,,,0"


def test_ids_that_csv_must_quote_are_quoted(sheet_of: SheetOf, split: Split) -> None:
    odd = Split("main", ('a,"b" c', "é", " "), split.labels, ("", "", ""))
    rows: Rows = [(0, 0, {}, False), (1, 1, {}, False), (2, NO_LABEL, {}, False)]
    assert write_csv(sheet_of(rows, split=odd)).content.decode().splitlines()[1:] == [
        '"a,""b"" c",0,,,,0',
        "é,1,,,,0",
        " ,,,,,0",
    ]


def test_ids_that_a_spreadsheet_would_run_are_guarded_and_the_column_says_so(sheet_of: SheetOf, split: Split) -> None:
    risky = Split("main", ("=1+1", "'b", "c"), split.labels, ("", "", ""))
    rows: Rows = [(0, 0, {}, False), (1, 1, {}, False), (2, NO_LABEL, {}, False)]
    lines = write_csv(sheet_of(rows, split=risky)).content.decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["guarded_id", "'=1+1", "''b", "c"]
    harmless = Split("main", ("x", "'b", "c"), split.labels, ("", "", ""))
    lines = write_csv(sheet_of(rows, split=harmless)).content.decode().splitlines()
    assert [line.split(",")[0] for line in lines] == ["id", "x", "'b", "c"]


def test_parquet_has_lists_of_numbers(sheet: LabelSheet) -> None:
    document = write_parquet(sheet)
    frame = pl.read_parquet(BytesIO(document.content))
    lists = pl.List(pl.Int32)
    assert dict(frame.schema) == {
        "id": pl.String(),
        "original_label": pl.Int32(),
        "correct": lists,
        "unclear": lists,
        "wrong": lists,
        "problematic": pl.Boolean(),
    }
    assert frame.rows() == [("a", 0, [0], [3], [1, 2], False), ("b", 1, [], [], [], True)]
    assert document.warnings == ()


def test_parquet_keeps_risky_ids_as_they_are(sheet_of: SheetOf, split: Split) -> None:
    risky = Split("main", ("=1+1", "b", "c"), split.labels, ("", "", ""))
    frame = pl.read_parquet(BytesIO(write_parquet(sheet_of([(0, 0, {}, False)], split=risky)).content))
    assert frame["id"].to_list() == ["=1+1"]


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_a_label_set_that_covers_nothing_is_no_table(sheet_of: SheetOf, write: object) -> None:
    assert callable(write)
    with pytest.raises(InputError, match="a label set that covers an item; got reviewed@2, which covers none"):
        write(sheet_of([]))
