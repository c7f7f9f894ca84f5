"""CSV that is safe to open in a spreadsheet.

A text cell that would be run as a formula (its first sign is `=`, `+`, `-`, `@`, a tab or a carriage return) gets an
apostrophe before it. So does a cell that starts with an apostrophe already: whoever takes one leading apostrophe off
every text cell that has one gets the old text back.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import TextIO

import polars as pl

from regrade.formats.formulas import guard_columns

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write CSV (RFC 4180) with a header; text cells are guarded against formulas, None is an empty cell."""
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in row])


def encode_csv(frame: pl.DataFrame) -> bytes:
    """A table as CSV that is read back exactly: columns with a text that would be run are guarded, and called so."""
    guarded = guard_columns(frame)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(guarded.columns)
    writer.writerows([_plain_cell(cell) for cell in row] for row in guarded.iter_rows())
    return out.getvalue().encode()


def _plain_cell(cell: object) -> object:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return int(cell) if isinstance(cell, bool) else cell


def guard_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula.

    >>> guard_formula("=1+1"), guard_formula("'tis"), guard_formula("plain")
    ("'=1+1", "''tis", 'plain')
    """
    return f"'{text}" if text.startswith(_RISKY) else text
