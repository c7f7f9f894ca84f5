"""The items of a split."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

NO_LABEL = -1
"""Stands in `Split.labels` for an item without an original label."""


@dataclass(frozen=True, eq=False)
class Split:
    """A named, ordered, immutable set of items. An item's position in it is how arrays refer to the item."""

    name: str
    """`main`, or the name that the user gave."""
    ids: tuple[str, ...]
    """(n,) unique ids, in the order in which positional files (logits, ReaL JSON) list them."""
    labels: npt.NDArray[np.int32]
    """(n,) original class id, or NO_LABEL."""
    media: tuple[str, ...]
    """(n,) path below the split's media folder; empty where an item has no media."""

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def positions(self) -> dict[str, int]:
        """Position of each id."""
        return {item_id: position for position, item_id in enumerate(self.ids)}
