"""Scores of all classes, a block of rows at a time: into buffers that are used again, while a thread reads ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import ArrayFile
from regrade.formats.predictions.logits import check_shape
from regrade.formats.predictions.ranking import are_probabilities
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split

_BLOCK_BYTES = 1 << 20
"""A block stays in the cache of one core while it is worked on."""
_N_BLOCKS = 4
"""So many blocks are read at once: threads that hand over more often wait for each other."""
_N_BUFFERS = 3


class ScoreBlock(NamedTuple):
    """The scores of some rows."""

    start: int
    """The row that it starts at."""
    values: npt.NDArray[np.floating]
    """(r, C) native float32 or float64, rows one after the other."""


def open_scores(path: Path, *, split: Split, classes: ClassList) -> ArrayFile:
    """Open a file of scores of all classes without reading them.

    Args:
        path: An .npy file, or an .npz file with one array: float, (n, C), rows in the order of the split.
        split: The split that it is for.
        classes: The classes of the benchmark.

    Raises:
        InputError: It is another kind of file or damaged, or its shape is another.
    """
    array = Source(path).array
    check_shape(array, len(split), len(classes))
    return array


def read_blocks(array: ArrayFile) -> Iterator[ScoreBlock]:
    """All rows in order, a block at a time.

    An .npy file that stores its rows one after the other is read ahead by a thread, into three buffers of four blocks of
    a mebibyte, so that no more of it is ever in memory.

    Args:
        array: (n, C) floats.

    Yields:
        Blocks, which may be overwritten; each is only valid until the next one is asked for.

    Raises:
        InputError: The file is damaged, or has been cut off since it was opened.
    """
    n_rows = max(1, _BLOCK_BYTES // (array.shape[1] * array.dtype.itemsize))
    is_by_rows = array.member is None and not array.fortran
    start = 0
    for part in _read_ahead(array, n_rows * _N_BLOCKS) if is_by_rows else array.chunks(n_rows):
        for first in range(0, len(part), n_rows):
            yield ScoreBlock(start + first, _as_floats(part[first : first + n_rows]))
        start += len(part)


def check_scores(array: ArrayFile) -> None:
    """Check that every row holds finite numbers that tell the classes apart.

    Raises:
        InputError: One does not; the message names the rows.
    """
    are_probabilities(array)


def _read_ahead(array: ArrayFile, n_rows: int) -> Iterator[npt.NDArray[Any]]:
    """The rows in order, `n_rows` at a time, each part valid until the next one is asked for."""
    buffers = np.empty((_N_BUFFERS, n_rows, array.shape[1]), array.dtype)
    starts = range(0, array.shape[0], n_rows)
    with array.path.open("rb", buffering=0) as file, ThreadPoolExecutor(1) as reader:
        file.seek(array.offset)

        def read(turn: int) -> npt.NDArray[Any]:
            part = buffers[turn % _N_BUFFERS, : array.shape[0] - starts[turn]]
            return _fill(part, file, array, starts[turn])

        ahead = deque(reader.submit(read, turn) for turn in range(len(starts))[:_N_BUFFERS])
        for turn in range(len(starts)):
            yield ahead.popleft().result()
            if turn + _N_BUFFERS < len(starts):
                ahead.append(reader.submit(read, turn + _N_BUFFERS))


def _fill(part: npt.NDArray[Any], file: IO[bytes], array: ArrayFile, start: int) -> npt.NDArray[Any]:
    """Read the next bytes of the file into the part."""
    if file.readinto(part.view(np.uint8)) != part.nbytes:
        raise array.place.file_error(
            f"{part.nbytes:,} bytes from row {start:,} on",
            got="fewer",
            remedy="Copy it again: it has been cut off.",
        )
    return part


def _as_floats(chunk: npt.NDArray[Any]) -> npt.NDArray[np.floating]:
    """The chunk as native float32 or float64 that may be written to, rows one after the other."""
    return np.require(chunk, np.float32 if chunk.dtype.itemsize <= 4 else np.float64, ["C", "W"])
