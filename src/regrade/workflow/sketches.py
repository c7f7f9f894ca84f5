"""Which images look the same: so that an item never stands among the examples beside itself, under another name.

Found are copies: files with the same bytes, with other metadata, or saved once more at the same size. What was cut,
turned, resized or made brighter is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regrade.workflow.media import ImageSketch, MediaError, sketch_image
from regrade.workflow.workspace import Workspace

MAX_DIFFERENCE = 2.0
"""Mean difference of two sketches in grey levels of 255, up to which they are of one picture. Ten photos saved again
at JPEG quality 50 were at most 0.4 from their originals; among 1,000 different photos the nearest two of the same size
were 12.8 apart, among 1,797 scans of digits 3.9."""


class Sketches:
    """What is known of the images of one split: sizes, and small grey copies of those that had to be compared."""

    def __init__(self, ws: Workspace, split: str) -> None:
        self._ws = ws
        self._split = split
        self._known: dict[int, ImageSketch | None] = {}

    def are_alike(self, item: int, other: int) -> bool:
        """Whether two items show the same picture. One that cannot be read is like no other but itself."""
        if item == other:
            return True
        own = self.look(item)
        beside = None if own is None else self.look(other, of_size=own.size)
        if own is None or beside is None or own.grey is None or beside.grey is None or own.size != beside.size:
            return False
        difference = np.abs(own.grey.astype(np.int16) - beside.grey)
        return float(difference.mean()) <= MAX_DIFFERENCE

    def look(self, item: int, *, of_size: tuple[int, int] | None = None) -> ImageSketch | None:
        """The sketch, without pixels where they do not matter because the size is another; None: it cannot be read."""
        known = self._known.get(item)
        if item not in self._known or (known is not None and known.grey is None and of_size in {None, known.size}):
            try:
                known = sketch_image(self._ws, self._split, item, of_size=of_size)
            except MediaError:
                known = None
            self._known[item] = known
        return known


def find_lookalikes(ws: Workspace, split: str, item: int, others: Sequence[int]) -> frozenset[int]:
    """Those of the other items that show the same picture as `item`, itself included where it is among them."""
    sketches = _sketches(ws, split)
    return frozenset(other for other in others if sketches.are_alike(item, other))


def look_beforehand(ws: Workspace, split: str, item: int) -> None:
    """Look at an item's image, so that nobody waits for it later."""
    _sketches(ws, split).look(item)


def _sketches(ws: Workspace, split: str) -> Sketches:
    return ws.kept(("sketches", split), lambda: Sketches(ws, split))
