"""Items of equal confidence, which no metric may tell apart by their order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


class TieGroups(NamedTuple):
    """Items grouped by equal values."""

    values: npt.NDArray[np.floating]
    """(v,) the different values, ascending."""
    group: npt.NDArray[np.intp]
    """(n,) index of each item's value."""
    sizes: npt.NDArray[np.intp]
    """(v,) number of items of each value."""


def tie_groups(values: npt.NDArray[np.floating]) -> TieGroups:
    """Group items by equal values.

    Args:
        values: (n,) no NaN; may be empty.
    """
    return TieGroups(*np.unique(values, return_inverse=True, return_counts=True))
