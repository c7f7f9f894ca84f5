"""Tables: named columns of text (CSV) or of text and numbers (JSON Lines, Parquet), and CSV itself."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.errors import InputError
from regrade.formats.normalization import normalize
from regrade.formats.places import Place, list_some, show

_HEADER_ROW = 1
_SEPARATORS = (",", ";", "\t")
"""What may stand between cells: the first of these that the header has. Many spreadsheets write semicolons."""
_REMEDY = "Put a cell with separators, quotes or line breaks in double quotes, double the quotes in it; no empty lines."


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
        """The cells of a column of text, in NFC; a dataframe's integers are read as text.

        Args:
            column: Its name.
            optional: Allow empty cells.

        Raises:
            InputError: A cell is empty and must not be, or the column holds neither.
        """
        cells = self.frame[column]
        if cells.dtype.is_integer() or cells.dtype == pl.Null:
            cells = cells.cast(pl.String)
        if cells.dtype != pl.String:
            raise self.place.error(
                f"text in the column {column}",
                got=f"values like {show(cells[0])}",
                rows=range(len(cells)),
                remedy="Convert the column to text, missing values to empty text.",
            )
        if not optional:
            self.require_filled(column)
        return [normalize(text or "") for text in cells.to_list()]

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

    def require_layout(self, expected: str, *needed: Sequence[str]) -> None:
        """Check that the table has all that its format needs, and at least one row.

        Args:
            expected: All columns of the format in words, needed and optional ones.
            needed: The names under which each needed column may stand.

        Raises:
            InputError: The message says all of the format's columns, and which ones are missing.
        """
        missing = [" or ".join(names) for names in needed if not any(name in self.columns for name in names)]
        if missing:
            raise self.header_error(expected, missing=missing)
        self.require()

    def header_error(self, expected: str, *, missing: list[str] | tuple[str, ...]) -> InputError:
        """The error for a header without the columns that are needed."""
        split_otherwise = len(self.columns) == 1 and "|" in self.columns[0]
        remedy = "Separate the cells by commas, semicolons or tabs." if split_otherwise else _add_columns(missing)
        return self.place.file_error(expected, got=f"the columns {list_some(self.columns, 20)}", remedy=remedy)


def _add_columns(missing: Sequence[str]) -> str:
    return f"Add the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}."


def parse_csv(text: bytes, where: str) -> Table:
    """The rows of a CSV file, all cells as text.

    Args:
        text: Non-empty UTF-8 without byte order mark; lines end in LF or CRLF. Between cells stand commas, or
            semicolons or tabs where the header has no comma.
        where: The file, for messages.

    Returns:
        A table in which an empty cell is an empty string. A header without rows gives an empty table.

    Raises:
        InputError: A row has more or fewer cells than the header, a quote is not closed, a column name is empty or
            stands twice, or an empty line stands between rows.
    """
    place = Place(where, first_row=_HEADER_ROW + 1)
    _check_line_ends(text, where)
    text = text.rstrip(b"\r\n")
    separator = _find_separator(text)
    header = _parse_header(text, separator, where)
    _check_cells(text, separator, len(header), place)
    try:
        frame = pl.read_csv(BytesIO(text), separator=separator, infer_schema=False, glob=False)
        frame.columns = header  # polars leaves doubled quotes in column names as they are
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise place.file_error("a CSV table", got=f"a damaged one ({type(error).__name__})", remedy=_REMEDY) from error
    return Table(frame.fill_null(""), place, typed=False)


def _check_line_ends(text: bytes, where: str) -> None:
    """Check that no line ends in CR alone; inside of a quoted cell it is text like any other."""
    if text.count(b"\r") == text.count(b"\r\n"):
        return
    data = np.frombuffer(text, np.uint8)
    lone = np.flatnonzero((data == ord("\r")) & (np.append(data[1:], 0) != ord("\n")))
    quotes = np.flatnonzero(data == ord('"'))
    lone = lone[np.searchsorted(quotes, lone) % 2 == 0]
    if len(lone):
        line = Place(where, first_row=_HEADER_ROW)
        rows = [text.count(b"\n", 0, int(lone[0]))]
        raise line.error("lines that end in LF or CRLF", got="a lone CR", rows=rows, remedy="Convert the line ends.")


def _first_line(text: bytes) -> str:
    return text.split(b"\n", 1)[0].removesuffix(b"\r").decode()


def _find_separator(text: bytes) -> str:
    """The separator of the header's cells; a comma where there is one cell."""
    outside = "".join(_first_line(text).split('"')[::2])
    return next((mark for mark in _SEPARATORS if mark in outside), ",")


def _parse_header(text: bytes, separator: str, where: str) -> list[str]:
    place = Place(where, first_row=_HEADER_ROW)
    line = _first_line(text)
    try:
        header = next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        header = []
    if not all(header) or not header or len(set(header)) < len(header):
        raise place.error(
            "a header of unique column names in the first line",
            got=show(line),
            rows=[0],
            remedy="Name every column once, in one line.",
        )
    return header


def _check_cells(text: bytes, separator: str, n_columns: int, place: Place) -> None:
    """Check that every row has as many cells as the header: polars would fill short rows up, and cut some long ones."""
    data = np.frombuffer(text, np.uint8)
    marks, ends, quotes = (np.flatnonzero(data == ord(mark)) for mark in (separator, "\n", '"'))
    if len(quotes):
        # A mark stands inside of a quoted cell where an odd number of quotes come before it.
        marks = marks[np.searchsorted(quotes, marks) % 2 == 0]
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        _check_quotes(data, separator, quotes, ends, place)
    n_cells = np.diff(np.searchsorted(marks, np.append(ends, len(data))), prepend=0) + 1
    bad = np.flatnonzero(n_cells != n_columns)
    if len(bad):
        line = text[ends[bad[0] - 1] + 1 :].split(b"\n", 1)[0]
        raise place.error(
            f"{n_columns} cells in every row, as in the header",
            got=f"{n_cells[bad[0]]} cells" if line.strip() else "an empty line",
            rows=bad - 1,
            remedy=_REMEDY,
        )


def _check_quotes(
    data: npt.NDArray[np.uint8],
    separator: str,
    quotes: npt.NDArray[np.int64],
    ends: npt.NDArray[np.int64],
    place: Place,
) -> None:
    """Check that quotes open and close whole cells; a closing quote right before an opening one stands for a quote."""
    before = np.append(data, ord("\n"))[quotes[0::2] - 1]  # position 0 wraps to the line end that was added
    after = np.append(data, ord("\n"))[quotes[1::2] + 1]
    wrong_open = quotes[0::2][~np.isin(before, list(f'{separator}\n"'.encode()))]
    wrong_close = quotes[1::2][~np.isin(after, list(f'{separator}\r\n"'.encode()))]
    unclosed = quotes[-1:] if len(quotes) % 2 else quotes[:0]
    wrong = np.sort(np.concatenate([wrong_open, wrong_close, unclosed]))
    if len(wrong):
        raise place.error(
            "double quotes around whole cells only",
            got="a quote inside of a cell, or one that is not closed",
            rows=[int(np.searchsorted(ends, wrong[0])) - 1],  # what follows it cannot be told apart
            remedy=_REMEDY,
        )
