"""The judged (item, class) pairs, ready to be looked up by the thousand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.labels import LabelSet

_LAST_KEY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, eq=False)
class JudgedPairs:
    """Verdicts in the order of (item, class), and one entry at the end that is no pair, so that no search runs over."""

    n_classes: int
    """C."""
    keys: npt.NDArray[np.int64]
    """(p + 1,) item * C + class, ascending."""
    codes: npt.NDArray[np.int8]
    """(p + 1,) verdict codes; UNREVIEWED_CODE at the end."""

    def look_up(self, items: npt.NDArray[np.intp], classes: npt.NDArray[np.integer]) -> npt.NDArray[np.int8]:
        """Verdict codes of (item, class) pairs; UNREVIEWED_CODE where nobody ever judged the pair."""
        keys = items * np.int64(self.n_classes) + classes
        at = np.searchsorted(self.keys, keys)
        return np.where(self.keys[at] == keys, self.codes[at], np.int8(UNREVIEWED_CODE))


def judged_pairs(labels: LabelSet, of_item: npt.NDArray[np.bool_]) -> JudgedPairs:
    """Take the verdicts on some items.

    Args:
        labels: The label set.
        of_item: (n,) for each item of the split, whether to take its verdicts.
    """
    kept = of_item[labels.pair_items]
    keys = labels.pair_items[kept] * np.int64(labels.n_classes) + labels.pair_classes[kept]
    codes = labels.pair_codes[kept]
    return JudgedPairs(labels.n_classes, np.append(keys, _LAST_KEY), np.append(codes, np.int8(UNREVIEWED_CODE)))
