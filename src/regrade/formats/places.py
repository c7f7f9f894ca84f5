"""Where a value stands in a file, and the error that says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.records.exchange import Spot

_MAX_SHOWN = 60


def show(value: object) -> str:
    """A value from outside as a message may hold it: quoted, escaped and at most 60 characters long."""
    text = repr(value)
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"


def list_some(values: Sequence[str], limit: int = 5) -> str:
    """The first few of many names, and how many more there are; odd ones are quoted as `show` does.

    >>> list_some(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    shown = ", ".join(
        value if value.isprintable() and len(value) <= _MAX_SHOWN else show(value) for value in values[:limit]
    )
    return shown if len(values) <= limit else f"{shown} and {len(values) - limit} more"


@dataclass(frozen=True, slots=True)
class Place:
    """A file (or a member of one) whose rows hold data, and how its rows are counted."""

    where: str
    """The file as the user named it."""
    first_row: int | None = None
    """Row number of the first data row (2 in a CSV, below its header); None: arrays count from 0, as a row index."""
    keys: Sequence[str] | None = None
    """Key of each row, where the file names them and has no row numbers (a JSON object)."""

    def error(
        self, expected: str, *, got: str, rows: Sequence[int] | npt.NDArray[np.integer], remedy: str = ""
    ) -> InputError:
        """The error for one or more bad rows; the message names the first and counts the others.

        Args:
            expected: What was expected there.
            got: What came in the first bad row.
            rows: (b,) 0-based data rows that are bad, the first one first; b >= 1.
            remedy: What to do about it.
        """
        first, n_more = int(rows[0]), len(rows) - 1
        if self.first_row is not None:
            row = self.first_row + first
            return InputError(expected, got=got, remedy=remedy, where=self.where, row=row, n_more=n_more)
        at = f"row index {first}" if self.keys is None else f"item {show(self.keys[first])}"
        return InputError(expected, got=got, remedy=remedy, where=f"{self.where}, {at}", n_more=n_more)

    def spot(self, row: int) -> Spot:
        """The place of one 0-based data row, for messages of those who know no files."""
        if self.first_row is not None:
            return Spot(self.where, self.first_row + row)
        return Spot(f"{self.where}, row index {row}" if self.keys is None else f"{self.where}, {self.keys[row]}")

    def file_error(self, expected: str, *, got: str, remedy: str = "") -> InputError:
        """The error for the file as a whole."""
        return InputError(expected, got=got, remedy=remedy, where=self.where)
