"""Ids of items: read from a column, found in a split."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.normalization import normalize
from regrade.formats.places import Place, show
from regrade.formats.tables import Table
from regrade.records.items import Split

ID_COLUMNS = ("id", "file", "file_name")
"""Column names under which files of labels and predictions give the item's id."""
OTHER_ID_COLUMNS = ("filename", "image", "path")
"""Names under which they may give it where they have none of those."""
ID_WORDS = "id (or file, file_name, filename, image, path)"
"""All of them, in words."""


def choose_ids(table: Table, *more: str) -> str:
    """The column that holds the item's ids: one of ID_COLUMNS, or without any of them the one of OTHER_ID_COLUMNS.

    Args:
        table: The table.
        more: Further columns that rank with ID_COLUMNS.

    Raises:
        InputError: It has none, or more than one.
    """
    if any(name in table.columns for name in (*ID_COLUMNS, *more)):
        return table.choose(*ID_COLUMNS, *more)
    if any(name in table.columns for name in OTHER_ID_COLUMNS):
        return table.choose(*OTHER_ID_COLUMNS)
    raise table.header_error(f"a column with the items' ids: {ID_WORDS}", missing=ID_COLUMNS[:1])


def read_ids(table: Table, column: str) -> list[str]:
    """Ids of a column, in NFC.

    Args:
        table: The table; has the column.
        column: Its name; holds text, or integers that are read as text.

    Raises:
        InputError: A cell is empty, or the column holds neither.
    """
    cells = table.frame[column]
    if cells.dtype.is_integer():
        cells = cells.cast(pl.String)
    if cells.dtype != pl.String:
        raise table.place.error(
            f"item ids (text) in the column {column}", got=f"values like {show(cells[0])}", rows=range(len(cells))
        )
    table.require_filled(column)
    return [normalize(text) for text in cells.to_list()]


def find_items(ids: Sequence[str], split: Split, place: Place, *, unique: bool) -> npt.NDArray[np.int32]:
    """Positions of items in the split.

    Args:
        ids: (r,) ids in NFC.
        split: The split.
        place: Where they stand.
        unique: Each item may come once only.

    Returns:
        (r,) positions.

    Raises:
        InputError: An id is not in the split, or comes twice where it must not.
    """
    positions = np.fromiter(map(split.positions.get, ids, repeat(-1)), np.int32, len(ids))
    unknown = np.flatnonzero(positions < 0)
    if len(unknown):
        raise place.error(
            f"an item of the split {split.name} ({len(split)} items, such as {', '.join(map(show, split.ids[:1]))})",
            got=show(ids[int(unknown[0])]),
            rows=unknown,
            remedy="Use the ids of the items file, or name another split with --split.",
        )
    if unique:
        refuse_repeated(ids, positions, place, expected="each item once")
    return positions


def refuse_repeated(texts: Sequence[str], codes: npt.NDArray[np.integer], place: Place, *, expected: str) -> None:
    """Check that no row repeats an earlier one.

    Args:
        texts: (r,) what each row is called, for the message.
        codes: (r,) equal for equal rows.
        place: Where they stand.
        expected: What was expected, in words.

    Raises:
        InputError: The message names the first row that repeats an earlier one.
    """
    _, first = np.unique(codes, return_index=True)
    if len(first) < len(codes):
        repeated = np.setdiff1d(np.arange(len(codes)), first)
        got = f"{show(texts[int(repeated[0])])} again"
        raise place.error(expected, got=got, rows=repeated, remedy="Keep one row of each.")


def refuse_repeated_texts(texts: Sequence[str], place: Place, *, expected: str) -> None:
    """Check that no text comes twice.

    Args:
        texts: (r,) texts, in NFC.
        place: Where they stand.
        expected: What was expected, in words.

    Raises:
        InputError: The message names the first row that repeats an earlier one.
    """
    codes: dict[str, int] = {}
    numbers = np.fromiter((codes.setdefault(text, row) for row, text in enumerate(texts)), np.int64, len(texts))
    refuse_repeated(texts, numbers, place, expected=expected)
