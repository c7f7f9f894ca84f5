"""Whole columns out of the database as arrays of numbers: for what looks at all answers at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Integer, case

from regrade.records.labels import VERDICTS

NO_CLASS = -1
"""Stands among class ids for the item itself."""
NO_VERDICT = -1
"""Stands among verdict codes where there is none."""


def as_columns(rows: Sequence[Any], *, n_columns: int) -> npt.NDArray[np.int64]:
    """One array a column of a result of whole numbers."""
    flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * n_columns)
    return flat.reshape(-1, n_columns).T.copy()


def code_of(verdict: ColumnElement[Any]) -> ColumnElement[int]:
    """A verdict's code, NO_VERDICT where there is none."""
    codes = [(verdict == word, word.code) for word in VERDICTS]
    return case(*codes, else_=NO_VERDICT).cast(Integer)


def flag_of(condition: ColumnElement[Any]) -> ColumnElement[int]:
    """A condition as 0 or 1."""
    return case((condition, 1), else_=0)
