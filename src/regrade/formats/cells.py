"""Cells of a table as values: text as it stands, words of a fixed set, flags, numbers and times, each checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from regrade.formats.formulas import GUARDED, unguard
from regrade.formats.places import show
from regrade.formats.tables import Table

T = TypeVar("T")
MAX_LENGTH = 100_000
"""Characters of a text."""
_FLAGS = {"0": False, "1": True, "false": False, "true": True}


class CellReader:
    """Reads the columns of a table, each as a list with one value a row.

    A column that the table does not have reads as one of empty cells. A column `guarded_NAME` stands for `NAME`.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        self._n_rows = len(table)

    def has(self, column: str) -> bool:
        """Whether the table has a column, guarded or not."""
        return column in self.table.columns or f"{GUARDED}{column}" in self.table.columns

    def texts(self, column: str) -> list[str]:
        """Texts exactly as they stand; empty where the cell is.

        Raises:
            InputError: A cell holds no text, or text that no file can hold or that is too long.
        """
        values = self._read(column, _as_text, f"text of at most {MAX_LENGTH:,} characters in the column {column}")
        texts = ["" if value is None else value for value in values]
        return unguard(texts) if f"{GUARDED}{column}" in self.table.columns else texts

    def words(self, column: str, words: Mapping[str, T]) -> list[T | None]:
        """Members of a fixed set; None where the cell is empty.

        Raises:
            InputError: Another word.
        """

        def find(value: object) -> T:
            if not isinstance(value, str) or value not in words:
                raise ValueError
            return words[value]

        return self._read(column, find, f"one of {', '.join(words)} in the column {column}")

    def flags(self, column: str) -> list[bool]:
        """Flags; False where the cell is empty.

        Raises:
            InputError: Neither 0 nor 1, false nor true.
        """
        return [bool(value) for value in self._read(column, _as_flag, f"0 or 1 in the column {column}")]

    def counts(self, column: str) -> list[int | None]:
        """Whole numbers from 1 on; None where the cell is empty.

        Raises:
            InputError: Another value.
        """
        return self._read(column, _as_count, f"a whole number from 1 on in the column {column}")

    def seconds(self, column: str) -> list[float | None]:
        """Finite numbers from 0 on; None where the cell is empty.

        Raises:
            InputError: Another value.
        """
        return self._read(column, as_seconds, f"a finite number of seconds, 0 or more, in the column {column}")

    def times(self, column: str) -> list[datetime | None]:
        """Times in UTC; None where the cell is empty.

        Raises:
            InputError: No time, or one without its zone.
        """
        expected = f"a time with its zone, like 2026-03-01T12:00:00Z, in the column {column}"
        return self._read(column, as_time, expected)

    def _read(self, column: str, convert: Callable[[object], T], expected: str) -> list[T | None]:
        name = column if column in self.table.columns else f"{GUARDED}{column}"
        if name not in self.table.columns:
            return [None] * self._n_rows
        found: list[T | None] = []
        bad = []
        values = self.table.frame[name].to_list()
        for row, value in enumerate(values):
            try:
                found.append(None if value is None or value == "" else convert(value))
            except (ValueError, OverflowError):
                bad.append(row)
        if bad:
            raise self.table.place.error(expected, got=show(values[bad[0]]), rows=bad, remedy="Correct it.")
        return found


def as_time(value: object) -> datetime:
    """A time in UTC, from ISO 8601 or a time with its zone.

    Raises:
        ValueError: It is none.
        OverflowError: It lies outside of the years 1 to 9999.
    """
    time = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise ValueError("no time with a zone")
    return time.astimezone(UTC)


def as_seconds(value: object) -> float:
    """A finite number, 0 or more.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("no number")
    seconds = float(value)
    if not (math.isfinite(seconds) and seconds >= 0):
        raise ValueError("no finite number from 0 on")
    return seconds


def is_storable(text: str) -> bool:
    """Whether a database and a file can hold the text: no NUL, no half of a surrogate pair, and not too long."""
    return len(text) <= MAX_LENGTH and not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)


def _as_text(value: object) -> str:
    if not isinstance(value, str) or not is_storable(value):
        raise ValueError("no storable text")
    return value


def _as_flag(value: object) -> bool:
    word = str(value).lower()
    if word not in _FLAGS:
        raise ValueError("no flag")
    return _FLAGS[word]


def _as_count(value: object) -> int:
    plain = str(value)
    if isinstance(value, bool) or not (plain.isascii() and plain.isdigit() and 1 <= int(plain) < 2**31):
        raise ValueError("no count")
    return int(plain)
