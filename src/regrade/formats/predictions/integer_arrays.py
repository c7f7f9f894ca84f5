"""Integer arrays of class ids: checked and read."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import ArrayFile, HeldArray
from regrade.formats.places import show
from regrade.formats.predictions.registry import PredictionRequest


def read_class_ids(array: ArrayFile | HeldArray, request: PredictionRequest) -> npt.NDArray[Any]:
    """An integer array whose rows are the split's items.

    Returns:
        (n, m) class ids, all of them in 0..C-1; a one-dimensional array has m = 1.

    Raises:
        InputError: No integers, another number of rows, no column, or a number that is no class id.
    """
    n_items, n_classes = len(request.split), len(request.classes)
    if array.dtype.kind not in "iu" or array.shape[0] != n_items or 0 in array.shape:
        transposed = array.dtype.kind in "iu" and array.shape[1:] == (n_items,)
        raise array.place.file_error(
            f"an integer array of shape ({n_items},) or ({n_items}, k)",
            got=f"{array.dtype} {array.shape}",
            remedy="Transpose it." if transposed else "Its rows must be the items, in the order of the items file.",
        )
    values = array.read()
    values = values if values.ndim == 2 else values[:, np.newaxis]
    if values.min() < 0 or values.max() >= n_classes:
        outside = (values < 0) | (values >= n_classes)
        bad = np.flatnonzero(outside.any(axis=1))
        raise array.place.error(
            f"a class id 0..{n_classes - 1}",
            got=show(int(values[bad[0]][outside[bad[0]]][0])),
            rows=bad,
            remedy="Count classes from 0, in the order of the classes file.",
        )
    return values
