"""The judged (item, class) pairs of the graded items, placed so that whole rows of predictions meet them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from regrade.records.labels import LabelSet

ClassIds: TypeAlias = npt.NDArray[np.signedinteger]
"""Class ids, and marks below 0 that stand for none; 16 bits where they fit (`class_dtype`) are compared fastest."""

NO_MATCH = -2
"""Stands where no predicted class may match; differs from NO_LABEL and NO_CLASS, which must not match each other."""


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPairs:
    """Some judged pairs, by item and class."""

    at: npt.NDArray[np.intp]
    """(p,) where the item of each pair stands among the graded items."""
    classes: ClassIds
    """(p,) class ids, in the type in which class ids are compared (`class_dtype`)."""
    codes: npt.NDArray[np.int8]
    """(p,) verdict codes."""

    def __len__(self) -> int:
        return len(self.at)

    def where(self, chosen: npt.NDArray[np.bool_]) -> JudgedPairs:
        """The chosen ones of these pairs.

        Args:
            chosen: (p,) which to keep.
        """
        return JudgedPairs(self.at[chosen], self.classes[chosen], self.codes[chosen])


def class_dtype(n_classes: int) -> type[np.int16 | np.int32]:
    """The smallest type that holds the class ids below `n_classes` and the marks below 0."""
    return np.int16 if n_classes < 2**15 else np.int32


def place_pairs(labels: LabelSet, items: npt.NDArray[np.intp], n_items: int) -> JudgedPairs:
    """Take the verdicts on the graded items.

    Args:
        labels: The label set.
        items: (g,) positions of the graded items, ascending.
        n_items: Number of items of the split.

    Returns:
        The pairs on those items, in the label set's order; none if there are none.
    """
    place = np.full(n_items, -1, np.intp)
    place[items] = np.arange(len(items))
    at = place[labels.pair_items]
    kept = at >= 0
    return JudgedPairs(
        at[kept], labels.pair_classes[kept].astype(class_dtype(labels.n_classes)), labels.pair_codes[kept]
    )
