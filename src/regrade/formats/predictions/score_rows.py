"""Rows of scores for all classes, wherever they stand: in a file, in memory, or in the parts of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from regrade.formats.places import Place


class ScoreRows(Protocol):
    """An (n, C) table of floats that is read in chunks of rows, as often as it takes."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, C)."""

    @property
    def place(self) -> Place:
        """Where the rows stand, for messages."""

    def chunks(self, n_rows: int, /) -> Iterator[npt.NDArray[Any]]:
        """The rows in order, about `n_rows` at a time."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedScores:
    """Rows of scores in memory."""

    values: npt.NDArray[np.floating]
    """(n, C)."""
    place: Place

    @property
    def shape(self) -> tuple[int, ...]:
        """(n, C)."""
        return self.values.shape

    def chunks(self, n_rows: int, /) -> Iterator[npt.NDArray[Any]]:
        """The rows in order, `n_rows` at a time."""
        yield from (self.values[start : start + n_rows] for start in range(0, len(self.values), n_rows))
