"""Cells that name a class: its id or key (where a format says so, a unique name), turned into class ids."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.normalization import normalize
from regrade.formats.places import Place, list_some, show
from regrade.formats.tables import Table
from regrade.records.classes import ClassList
from regrade.records.predictions import NO_CLASS

UNKNOWN = -2
"""Stands for a cell that names no class, or more than one."""


class ClassLookup:
    """Finds classes by what a file calls them."""

    def __init__(self, classes: ClassList, *, names: bool = False) -> None:
        """Prepare a look-up.

        Args:
            classes: The classes of the benchmark.
            names: Text may also be a name, if it is the name of one class only.
        """
        self._n_classes = len(classes)
        self._by_key = {normalize(key): class_id for class_id, key in enumerate(classes.keys)}
        self._by_name: dict[str, list[int]] = {}
        for class_id, name in enumerate(classes.names):
            self._by_name.setdefault(normalize(name), []).append(class_id)
        self._names = names
        self.expected = f"a class id 0..{self._n_classes - 1} or a class key" + (" or unique name" if names else "")

    def find_text(self, text: str) -> int:
        """Class id that the text of a CSV cell names; UNKNOWN where id, key and name do not name one class."""
        found = {self._find_number(text), self.find_key(text), *self._find_name(text)} - {UNKNOWN}
        return found.pop() if len(found) == 1 else UNKNOWN

    def find_key(self, text: str) -> int:
        """Class id of a key; UNKNOWN if there is none."""
        return self._by_key.get(normalize(text), UNKNOWN)

    def find_value(self, value: object) -> int:
        """Class id that a typed value names: an integer by id, text by key, anything else none."""
        if type(value) is int:
            return value if 0 <= value < self._n_classes else UNKNOWN
        return self.find_key(value) if isinstance(value, str) else UNKNOWN

    def find_values(
        self, values: Sequence[object], place: Place, *, rows: npt.NDArray[np.integer] | None = None
    ) -> npt.NDArray[np.int32]:
        """Class ids of typed values: integers are ids, text is a key.

        Args:
            values: (p,) values, none of them empty.
            place: Where they stand.
            rows: (p,) row of each value; default: its position.

        Raises:
            InputError: A value names no class.
        """
        ids = np.fromiter((self.find_value(value) for value in values), np.int32, len(values))
        self._refuse(ids, values, place, rows)
        return ids

    def find_series(
        self, cells: pl.Series, place: Place, *, typed: bool, rows: npt.NDArray[np.integer] | None = None
    ) -> npt.NDArray[np.int32]:
        """Class ids of the cells of a column.

        Args:
            cells: (p,) integers or text, none of them empty.
            place: Where they stand.
            typed: The source writes class ids as numbers, so text is a key (`Table.typed`).
            rows: (p,) row of each cell; default: its position.

        Raises:
            InputError: A cell names no class.
        """
        if cells.dtype == pl.String:
            texts = cells.unique()
            find = self.find_key if typed else self.find_text
            found = pl.Series([find(text) for text in texts], dtype=pl.Int32)
            ids = cells.replace_strict(texts, found).cast(pl.Int32).to_numpy()  # no cells at all would stay text
        elif cells.dtype.is_integer():
            ids = np.full(len(cells), UNKNOWN, np.int32)
            known = cells.is_between(0, self._n_classes - 1).to_numpy()
            ids[known] = cells.to_numpy()[known]
        else:
            return self.find_values(cells.to_list(), place, rows=rows)
        self._refuse(ids, cells, place, rows)
        return ids

    def _find_number(self, text: str) -> int:
        plain = text.isascii() and text.isdigit() and len(text) < 10 and (text == "0" or text[0] != "0")
        return int(text) if plain and int(text) < self._n_classes else UNKNOWN

    def _find_name(self, text: str) -> list[int]:
        return self._by_name.get(normalize(text), []) if self._names else []

    def _refuse(
        self,
        ids: npt.NDArray[np.int32],
        values: Sequence[object] | pl.Series,
        place: Place,
        rows: npt.NDArray[np.integer] | None,
    ) -> None:
        bad = np.flatnonzero(ids == UNKNOWN)
        if len(bad):
            raise place.error(
                self.expected,
                got=self._describe(values[int(bad[0])]),
                rows=bad if rows is None else rows[bad],
                remedy="Use the class ids and keys of the classes file.",
            )

    def _describe(self, value: object) -> str:
        named = self._by_name.get(normalize(value), []) if isinstance(value, str) else []
        if not named:
            return show(value)
        known = list_some([str(class_id) for class_id in named])
        return f"{show(value)}, which is the name of class {known}"


def read_class_column(
    table: Table, column: str, lookup: ClassLookup, *, optional: bool = False
) -> npt.NDArray[np.int32]:
    """Class ids of a column of a table.

    Args:
        table: The table; has the column.
        column: Its name.
        lookup: The classes.
        optional: Allow empty cells.

    Returns:
        (n,) class ids; NO_CLASS where the cell is empty.

    Raises:
        InputError: A cell names no class, or is empty and must not be.
    """
    if not optional:
        table.require_filled(column)
    filled = table.filled(column)
    rows = np.flatnonzero(filled)
    cells = table.frame[column].filter(pl.Series(filled))
    ids = np.full(len(filled), NO_CLASS, np.int32)
    ids[rows] = lookup.find_series(cells, table.place, typed=table.typed, rows=rows)
    return ids
