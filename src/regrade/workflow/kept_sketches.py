"""Sketches of a split's images in one file of the cache, so that a server that starts again need not look anew."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from regrade.workflow.cache_files import CACHE_FOLDER, read_cached, write_cached
from regrade.workflow.decoding import SKETCH_SIZE
from regrade.workflow.media import FileStamp, ImageSketch, stamp_media
from regrade.workflow.workspace import Workspace

_FACTS = ("width", "height", "changed_at", "n_bytes")
_Table = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]
"""(s,) positions; (s, 4) facts as `_FACTS` calls them; (s, SKETCH_SIZE, SKETCH_SIZE) grey levels."""


class KeptSketches:
    """What the file held when it was read."""

    def __init__(self, ws: Workspace, split: str) -> None:
        self._ws = ws
        self._split = split
        items, self._facts, self._greys = _read(_place(ws, split)) or _empty(0)
        self._rows = {item: row for row, item in enumerate(items.tolist())}

    def find(self, item: int) -> ImageSketch | None:
        """The sketch of an item; None where there is none, or its file was written since."""
        row = self._rows.get(item)
        sketch = None if row is None else self._at(row)
        return sketch if sketch and sketch.stamp == stamp_media(self._ws, self._split, item) else None

    def keep(self, sketches: Mapping[int, ImageSketch | None]) -> None:
        """Write the file anew, if there is something new: what it held, and those of the sketches that have pixels."""
        if all(
            item in self._rows and self.find(item) for item, row in sketches.items() if row and row.grey is not None
        ):
            return
        held = {item: self._at(row) for item, row in self._rows.items() if item not in sketches}
        items, facts, greys = _tabulate({**held, **sketches})
        content = io.BytesIO()
        np.savez(content, items=items, facts=facts, greys=greys)
        write_cached(_place(self._ws, self._split), content.getbuffer())

    def _at(self, row: int) -> ImageSketch:
        width, height, *stamp = self._facts[row].tolist()
        return ImageSketch((width, height), self._greys[row], FileStamp(*stamp))


def _tabulate(sketches: Mapping[int, ImageSketch | None]) -> _Table:
    """Those that have pixels."""
    rows = [(item, row, row.grey) for item, row in sketches.items() if row is not None and row.grey is not None]
    items, facts, greys = _empty(len(rows))
    for place, (item, sketch, grey) in enumerate(rows):
        items[place], facts[place], greys[place] = item, (*sketch.size, *sketch.stamp), grey
    return items, facts, greys


def _empty(n: int) -> _Table:
    return (
        np.empty(n, np.int64),
        np.empty((n, len(_FACTS)), np.int64),
        np.empty((n, SKETCH_SIZE, SKETCH_SIZE), np.uint8),
    )


def _read(path: Path) -> _Table | None:
    """What a file holds; None if it is none that this version wrote."""
    try:
        content = read_cached(path)
        if content is None:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            table = arrays["items"], arrays["facts"], arrays["greys"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    expected = _empty(len(table[0]) if table[0].ndim else 0)
    is_ours = [(part.shape, part.dtype) for part in table] == [(part.shape, part.dtype) for part in expected]
    return table if is_ours else None


def _place(ws: Workspace, split: str) -> Path:
    """A split may have any name, and a file may not."""
    name = hashlib.blake2b(split.encode(), digest_size=8).hexdigest()
    return ws.folder / CACHE_FOLDER / "sketches" / f"{name}.npz"
