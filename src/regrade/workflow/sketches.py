"""Which images look the same: so that an item never stands among the examples beside itself, under another name.

Found are copies: files with the same bytes, with other metadata, or saved once more at the same size. What was cut,
turned, resized or made brighter is not found.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from regrade.workflow.media import MediaError, image_dimensions, sketch_image
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
        self._sizes: dict[int, tuple[int, int] | None] = {}
        self._sketches: dict[int, npt.NDArray[np.int16] | None] = {}

    def are_alike(self, item: int, other: int) -> bool:
        """Whether two items show the same picture. One that cannot be read is like no other but itself."""
        if item == other:
            return True
        size = self._size(item)
        if size is None or self._size(other) != size:
            return False
        sketch, beside = self._sketch(item), self._sketch(other)
        return sketch is not None and beside is not None and float(np.abs(sketch - beside).mean()) <= MAX_DIFFERENCE

    def _size(self, item: int) -> tuple[int, int] | None:
        if item not in self._sizes:
            try:
                self._sizes[item] = image_dimensions(self._ws, self._split, item)
            except MediaError:
                self._sizes[item] = None
        return self._sizes[item]

    def _sketch(self, item: int) -> npt.NDArray[np.int16] | None:
        if item not in self._sketches:
            try:
                self._sketches[item] = sketch_image(self._ws, self._split, item).astype(np.int16)
            except MediaError:
                self._sketches[item] = None
        return self._sketches[item]


def find_lookalikes(ws: Workspace, split: str, item: int, others: Sequence[int]) -> frozenset[int]:
    """Those of the other items that show the same picture as `item`, itself included where it is among them."""
    sketches = ws.kept(("sketches", split), lambda: Sketches(ws, split))
    return frozenset(other for other in others if sketches.are_alike(item, other))
