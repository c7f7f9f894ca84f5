"""Which images look the same: so that an item never stands among the examples beside itself, under another name.

Found are copies: files with the same bytes, with other metadata, or saved once more at the same size. What was cut,
turned, resized or made brighter is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regrade.workflow.decoding import FULL_SIZE
from regrade.workflow.kept_sketches import KeptSketches
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
        self._kept = KeptSketches(ws, split)

    def find_alike(self, item: int, others: Sequence[int]) -> frozenset[int]:
        """Those of the others that show the same picture. One that cannot be read is like no other but itself."""
        same = frozenset(others) & {item}
        own = self.look(item)
        if own is None or own.grey is None:
            return same
        looked = ((other, self.look(other, of_size=own.size)) for other in others if other != item)
        beside = {
            other: sketch.grey
            for other, sketch in looked
            if sketch is not None and sketch.grey is not None and sketch.size == own.size
        }
        if not beside:
            return same
        differences = np.abs(np.stack([*beside.values()]).astype(np.int16) - own.grey).mean(axis=(1, 2))
        return same | {
            other for other, difference in zip(beside, differences, strict=True) if difference <= MAX_DIFFERENCE
        }

    def keep(self) -> None:
        """Write down what is known."""
        self._kept.keep(dict(self._known))  # others may go on looking

    def look(self, item: int, *, of_size: tuple[int, int] | None = None) -> ImageSketch | None:
        """The sketch, without pixels where they do not matter because the size is another; None: it cannot be read."""
        known = self._known.get(item)
        if item not in self._known and (known := self._kept.find(item)) is not None:
            self._known[item] = known
        if item not in self._known or (known is not None and known.grey is None and of_size in {None, known.size}):
            try:
                known = sketch_image(self._ws, self._split, item, of_size=of_size)
            except MediaError:
                known = None
            self._known[item] = known
        return known


def find_lookalikes(ws: Workspace, split: str, item: int, others: Sequence[int]) -> frozenset[int]:
    """Those of the other items that show the same picture as `item`, itself included where it is among them."""
    return _sketches(ws, split).find_alike(item, others)


def size_as_sent(ws: Workspace, split: str, item: int) -> tuple[int, int] | None:
    """Width and height in pixels of an item's image as it is sent; None where it has to be made to know."""
    sketch = _sketches(ws, split).look(item)
    return sketch.size if sketch is not None and max(sketch.size) <= FULL_SIZE else None


def look_beforehand(ws: Workspace, split: str, item: int) -> None:
    """Look at an item's image, so that nobody waits for it later."""
    _sketches(ws, split).look(item)


def keep_looks(ws: Workspace, split: str) -> None:
    """Keep what has been looked at so far for the next time that the workspace is opened."""
    _sketches(ws, split).keep()


def _sketches(ws: Workspace, split: str) -> Sketches:
    return ws.kept(("sketches", split), lambda: Sketches(ws, split))
