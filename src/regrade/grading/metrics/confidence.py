"""Mean confidence of some items."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_numbers
from regrade.records.metrics import Figure


def mean_confidence(confidence: npt.ArrayLike) -> Figure:
    """Give the mean confidence of some items: the right ones, the wrong ones, the problematic ones.

    Args:
        confidence: (n,) score of the top-1 class of each item; finite.

    Returns:
        The mean, in float64. Undefined where there is no item.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    >>> mean_confidence([0.5, 1.0])
    Figure(value=0.75, n=2, why='')
    """
    values = read_numbers(confidence, "confidence")
    if len(values) == 0:
        return Figure(None, 0, "there is no such item")
    return Figure(float(values.mean(dtype=np.float64)), len(values))
