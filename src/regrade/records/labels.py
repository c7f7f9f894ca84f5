"""Label sets: versions of the answer key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Verdict(StrEnum):
    """What is known of one class on one item. Absent means: nobody ever judged it."""

    WRONG = "wrong"
    UNCLEAR = "unclear"
    CORRECT = "correct"

    @property
    def code(self) -> int:
        """The verdict in arrays: wrong 0, unclear 1, correct 2."""
        return VERDICTS.index(self)


VERDICTS: tuple[Verdict, ...] = (Verdict.WRONG, Verdict.UNCLEAR, Verdict.CORRECT)
"""Verdicts by their code."""


@dataclass(frozen=True, eq=False)
class LabelSet:
    """The content of one version of the answer key for (part of) a split. Immutable; its digest names it.

    Positions are positions in the split. `pair_*` hold the verdicts, sorted by (item, class), each pair once.
    """

    split: str
    """Name of the split."""
    n_classes: int
    """Number of classes C."""
    items: npt.NDArray[np.int32]
    """(m,) positions of the covered items, ascending, unique. The rest of the split is not graded."""
    original: npt.NDArray[np.int32]
    """(m,) original class id of each covered item, or NO_LABEL."""
    problematic: npt.NDArray[np.bool_]
    """(m,) whether the item is problematic."""
    pair_items: npt.NDArray[np.int32]
    """(p,) position of the item of each verdict; only covered items."""
    pair_classes: npt.NDArray[np.int32]
    """(p,) class id of each verdict, 0..C-1."""
    pair_codes: npt.NDArray[np.int8]
    """(p,) code of each verdict (`Verdict.code`)."""

    def pairs_of(self, item: int) -> slice:
        """Where the verdicts of one item stand in the `pair_*` arrays; an empty slice if there are none."""
        first, last = np.searchsorted(self.pair_items, [item, item + 1])
        return slice(int(first), int(last))

    def verdict(self, item: int, class_id: int) -> Verdict | None:
        """The verdict on one (item, class); None if nobody ever judged it."""
        pairs = self.pairs_of(item)
        at = pairs.start + int(np.searchsorted(self.pair_classes[pairs], class_id))
        if at < pairs.stop and int(self.pair_classes[at]) == class_id:
            return VERDICTS[int(self.pair_codes[at])]
        return None

    def accepted_classes(self, item: int) -> tuple[int, ...]:
        """Class ids that are correct or unclear on one item, ascending."""
        pairs = self.pairs_of(item)
        accepted = self.pair_codes[pairs] != Verdict.WRONG.code
        return tuple(int(class_id) for class_id in self.pair_classes[pairs][accepted])

    def is_problematic(self, item: int) -> bool | None:
        """Whether the item is problematic; None if it is not covered."""
        at = int(np.searchsorted(self.items, item))
        return bool(self.problematic[at]) if at < len(self.items) and self.items[at] == item else None


@dataclass(frozen=True, slots=True)
class LabelSetVersion:
    """Where a version of a label set comes from: `NAME@N`."""

    name: str
    version: int
    split: str
    digest: str
    """SHA-256 of the content, hex."""
    parent: str | None
    """`NAME@N` of the version that this one was made from; None for an imported one."""
    author: str
    created_at: datetime
    """UTC."""
    reason: str
    """Why it was made, or which file it came from."""
    warnings: tuple[str, ...] = ()
    """What the import had to settle, in words."""

    @property
    def ref(self) -> str:
        """`NAME@N`."""
        return f"{self.name}@{self.version}"


def settle_overlaps(
    items: npt.NDArray[np.int32], classes: npt.NDArray[np.int32], codes: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.int8], int]:
    """Sort verdicts by (item, class) and keep one a pair: correct before unclear before wrong.

    Args:
        items: (p,) positions.
        classes: (p,) class ids.
        codes: (p,) verdict codes.

    Returns:
        The three arrays, sorted and unique, and the number of (item, class) pairs that stood under more than one
        verdict (a repetition of the same verdict is dropped and not counted).
    """
    order = np.lexsort((-codes.astype(np.int16), classes, items))
    items, classes, codes = items[order], classes[order], codes[order]
    same = np.zeros(len(items), dtype=np.bool_)
    same[1:] = (items[1:] == items[:-1]) & (classes[1:] == classes[:-1])
    first = np.flatnonzero(~same)
    group = np.cumsum(~same) - 1
    differs = codes != codes[first][group] if len(items) else same
    n_overlaps = len(np.unique(group[differs]))
    return items[first], classes[first], codes[first], n_overlaps
