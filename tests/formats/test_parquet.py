"""Parquet as tables."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats.parquet import parse_parquet


def pack(frame: pl.DataFrame) -> bytes:
    out = BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


GOOD = pack(pl.DataFrame({"id": ["a", "b"], "class": [1, 2]}))


def test_types_are_kept_and_categories_become_text() -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "class": [1, None]}).with_columns(pl.col("id").cast(pl.Categorical))
    table = parse_parquet(pack(frame), "f.parquet")
    assert table.frame.schema == {"id": pl.String, "class": pl.Int64}
    assert table.filled("class").tolist() == [True, False]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(GOOD[:-1], id="truncated footer"),
        pytest.param(GOOD[:50], id="truncated data"),
        pytest.param(b"PAR1", id="magic only"),
        pytest.param(GOOD[:4] + bytes(len(GOOD) - 12) + GOOD[-8:], id="zeroed"),
    ],
)
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(
        InputError, match=r"f.parquet: expected a whole Parquet file .*; got a truncated or damaged one"
    ):
        parse_parquet(data, "f.parquet")


@settings(deadline=None, max_examples=5)
@given(changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4))
@example(changes=[(163, 77)])  # a page header that asks for 2 EiB, which ends the process that decodes it
def test_changed_bytes_give_a_table_or_our_error(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, value in changes:
        data[at] = value
    with suppress(InputError):
        parse_parquet(bytes(data), "f.parquet")
