"""Cells that hold scores."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.places import Place, show
from regrade.formats.tables import Table
from regrade.records.predictions import NO_CLASS

_ROUNDING = 1e-5
"""A probability may lie this far outside 0..1: that is rounding, and is cut off."""


def read_scores(table: Table, column: str, *, probability: bool) -> npt.NDArray[np.float64]:
    """The numbers of a column.

    Args:
        table: The table; has the column.
        column: Its name.
        probability: The numbers must lie in 0..1.

    Returns:
        (n,) scores; NaN where the cell is empty.

    Raises:
        InputError: A cell is no finite number, or lies outside 0..1.
    """
    filled = table.filled(column)
    cells = table.frame[column]
    scores = _parse_numbers(cells, typed=table.typed)
    bad = filled & ~(np.abs(scores) <= np.finfo(np.float32).max)  # scores are kept as float32; NaN fails too
    if probability:
        bad |= (scores < -_ROUNDING) | (scores > 1 + _ROUNDING)
    rows = np.flatnonzero(bad)
    if len(rows):
        raise table.place.error(
            f"a {'probability from 0 to 1' if probability else 'finite number'} in the column {column}",
            got=show(cells[int(rows[0])]),
            rows=rows,
            remedy="Correct it, or leave the column out.",
        )
    return np.clip(scores, 0, 1) if probability else scores


def _parse_numbers(cells: pl.Series, *, typed: bool) -> npt.NDArray[np.float64]:
    """(n,) the numbers of a column; NaN for whatever is none."""
    if cells.dtype == pl.Object:
        return np.array([_to_float(value) for value in cells.to_list()])
    if cells.dtype.is_numeric() or cells.dtype == pl.Null or (cells.dtype == pl.String and not typed):
        return cells.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    return np.full(len(cells), np.nan)


def _to_float(value: object) -> float:
    try:
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else np.nan
    except OverflowError:
        return np.inf


def check_scored(classes: npt.NDArray[np.int32], scores: npt.NDArray[np.float64], place: Place) -> None:
    """Check that every predicted class has a score, and that no score stands without one.

    Args:
        classes: (r, k) class ids, NO_CLASS where there is none.
        scores: (r, k) scores, NaN where there is none.
        place: Where they stand.

    Raises:
        InputError: A row has one without the other.
    """
    bad = np.flatnonzero(((classes == NO_CLASS) != np.isnan(scores)).any(axis=1))
    if len(bad):
        raise place.error(
            "a score for every predicted class",
            got="one without the other",
            rows=bad,
            remedy="Fill or clear both cells.",
        )


def check_falling(scores: npt.NDArray[np.float64], place: Place) -> None:
    """Check that no rank has a higher score than the one before.

    Args:
        scores: (r, k) scores by rank, NaN where there is none.
        place: Where they stand.

    Raises:
        InputError: One has.
    """
    rising = np.flatnonzero((scores[:, 1:] > scores[:, :-1]).any(axis=1))
    if len(rising):
        raise place.error(
            "probabilities that do not rise from rank to rank",
            got="a later rank with a higher one",
            rows=rising,
            remedy="Order the ranks by probability.",
        )
