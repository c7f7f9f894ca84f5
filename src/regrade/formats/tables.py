"""Tables: named columns of text (CSV) or of text and numbers (JSON Lines, Parquet), and CSV itself."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.errors import InputError
from regrade.formats.normalization import normalize
from regrade.formats.places import Place, list_some, show

_HEADER_ROW = 1


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The rows of a file. Rows are numbered from 0 here; `place` knows their number in the file."""

    frame: pl.DataFrame
    """One column a name. In a CSV every column is text, an empty cell is an empty string."""
    place: Place
    typed: bool
    """The source writes numbers as numbers (JSON Lines), so text is never a class id."""

    @property
    def columns(self) -> list[str]:
        """Column names as the file has them."""
        return self.frame.columns

    def __len__(self) -> int:
        return self.frame.height

    def filled(self, column: str) -> npt.NDArray[np.bool_]:
        """(n,) whether each cell of a column holds something: null and empty text are nothing."""
        cells = self.frame[column]
        return (cells.is_not_null() & (cells != "") if cells.dtype == pl.String else cells.is_not_null()).to_numpy()

    def require_filled(self, column: str) -> None:
        """Check that no cell of a column is empty.

        Raises:
            InputError: One is.
        """
        filled = self.filled(column)
        if not filled.all():
            raise self.place.error(
                f"a value in the column {column}", got="an empty cell", rows=np.flatnonzero(~filled), remedy="Fill it."
            )

    def texts(self, column: str, *, optional: bool = False) -> list[str]:
        """The cells of a text column, in NFC.

        Args:
            column: Its name.
            optional: Allow empty cells.

        Raises:
            InputError: A cell is empty and must not be.
        """
        if not optional:
            self.require_filled(column)
        return [normalize(text) for text in self.frame[column].to_list()]

    def require(self, *columns: str) -> None:
        """Check that the columns are there, and at least one row.

        Raises:
            InputError: The message lists what is missing and what is there.
        """
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise self.header_error(f"the columns {', '.join(columns)}", missing=missing)
        if not len(self):
            raise self.place.file_error(
                "at least one row below the header", got="none", remedy="Check that the file was written to its end."
            )

    def choose(self, *columns: str) -> str:
        """The one of several alternative columns that the file has.

        Raises:
            InputError: It has none of them, or more than one.
        """
        found = [name for name in columns if name in self.columns]
        if len(found) == 1:
            self.require(found[0])
            return found[0]
        if not found:
            raise self.header_error(f"a column {' or '.join(columns)}", missing=columns[:1])
        raise self.place.file_error(
            f"one column of {', '.join(columns)}",
            got=" and ".join(found),
            remedy="Keep one of them, and rename the other (to `path`, say, if it names a media file).",
        )

    def header_error(self, expected: str, *, missing: list[str] | tuple[str, ...]) -> InputError:
        """The error for a header without the columns that are needed."""
        split_otherwise = len(self.columns) == 1 and any(mark in self.columns[0] for mark in ";\t|")
        remedy = "Separate the cells by commas." if split_otherwise else f"Add the column {', '.join(missing)}."
        return self.place.file_error(expected, got=f"the columns {list_some(self.columns, 20)}", remedy=remedy)


def parse_csv(text: bytes, where: str) -> Table:
    """The rows of a CSV file, all cells as text.

    Args:
        text: Non-empty UTF-8 without byte order mark; lines end in LF or CRLF.
        where: The file, for messages.

    Returns:
        A table in which an empty cell is an empty string. A header without rows gives an empty table.

    Raises:
        InputError: A row has more or fewer cells than the header, a quote is not closed, a column name is empty or
            stands twice, or an empty line stands between rows.
    """
    place = Place(where, first_row=_HEADER_ROW + 1)
    text = text.rstrip(b"\r\n")
    header = _parse_header(text, where)
    try:
        frame = pl.read_csv(BytesIO(text), infer_schema=False, glob=False).fill_null("")
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _find_bad_row(text, len(header), place) from error
    if frame.columns != header or not _is_whole(frame, text):
        raise _find_bad_row(text, len(header), place)
    return Table(frame, place, typed=False)


def _parse_header(text: bytes, where: str) -> list[str]:
    place = Place(where, first_row=_HEADER_ROW)
    line = text.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    try:
        header = next(csv.reader([line], strict=True), [])
    except csv.Error:
        header = []
    if not all(header) or not header or "\r" in line or len(set(header)) < len(header):
        raise place.error(
            "a header of unique column names in the first line",
            got=show(line),
            rows=[0],
            remedy="Name every column once, in one line; end lines with LF or CRLF.",
        )
    return header


def _is_whole(frame: pl.DataFrame, text: bytes) -> bool:
    """Whether every comma and line break of the text is a separator or stands in a cell: no cell was filled in."""
    inside = frame.select(
        pl.sum_horizontal(pl.all().str.count_matches(",", literal=True).sum()).alias("commas"),
        pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).sum()).alias("lines"),
    )
    n_commas, n_lines = (int(count) for count in inside.row(0))
    n_rows = frame.height + 1
    header_commas = sum(name.count(",") for name in frame.columns)
    return (
        text.count(b",") == n_rows * (frame.width - 1) + n_commas + header_commas
        and text.count(b"\n") == n_rows - 1 + n_lines
    )


def _find_bad_row(text: bytes, n_columns: int, place: Place) -> InputError:
    """The error that says where the text is no plain CSV; slow, row by row, as it only runs on bad files."""
    remedy = "Put cells with commas, quotes or line breaks in double quotes, double the quotes inside; no empty lines."
    expected = f"{n_columns} cells in every row, as in the header"
    reader = csv.reader(StringIO(text.decode(), newline=""), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader):
            if len(cells) != n_columns:
                got = f"{len(cells)} cells" if cells else "an empty line"
                return place.error(expected, got=got, rows=[row - 1], remedy=remedy)
    except csv.Error as error:
        return place.error(expected, got=f"a damaged row ({error})", rows=[row], remedy=remedy)
    return place.file_error(expected, got="quotes that do not enclose a whole cell", remedy=remedy)
