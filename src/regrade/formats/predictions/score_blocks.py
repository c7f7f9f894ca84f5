"""Scores of all classes, a block of rows at a time: into buffers that are used again, by several threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import ArrayFile
from regrade.formats.predictions.logits import check_shape
from regrade.formats.predictions.ranking import are_probabilities
from regrade.formats.sources import Source
from regrade.records.classes import ClassList
from regrade.records.items import Split

Work: TypeAlias = Callable[[int, npt.NDArray[np.floating]], None]
"""What is done with a block: the row that it starts at, and its (r, C) scores."""

_BLOCK_BYTES = 1 << 21
"""Two blocks and what is made of them fit a shared cache; with smaller ones the threads get in each other's way."""
_N_THREADS = 2


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


def work_through(array: ArrayFile, work: Work) -> None:
    """Do something with each block of rows, each once, in any order.

    An .npy file that stores its rows one after the other is read into two buffers of half a mebibyte by two threads, so
    that no more of it is ever in memory; any other array is read in one.

    Args:
        array: (n, C) floats.
        work: Called from any thread; the scores are native float32 or float64, and only valid during the call. What it
            raises ends the work.

    Raises:
        InputError: The file is damaged, or has been cut off since it was opened.
    """
    n_rows = max(1, _BLOCK_BYTES // (array.shape[1] * array.dtype.itemsize))
    if array.member is not None or array.fortran:
        start = 0
        for chunk in array.chunks(n_rows):
            work(start, _as_floats(chunk))
            start += len(chunk)
        return
    starts = _Shared(iter(range(0, array.shape[0], n_rows)))
    with ThreadPoolExecutor(_N_THREADS) as pool:
        for done in [pool.submit(_read_blocks, array, n_rows, starts, work) for _ in range(_N_THREADS)]:
            done.result()


def check_scores(array: ArrayFile) -> None:
    """Check that every row holds finite numbers that tell the classes apart.

    Raises:
        InputError: One does not; the message names the rows.
    """
    are_probabilities(array)


class _Shared(Iterator[int]):
    """An iterator that several threads take from."""

    def __init__(self, values: Iterator[int]) -> None:
        self._values = values
        self._lock = Lock()

    def __next__(self) -> int:
        with self._lock:
            return next(self._values)


def _read_blocks(array: ArrayFile, n_rows: int, starts: Iterator[int], work: Work) -> None:
    row_bytes = array.shape[1] * array.dtype.itemsize
    buffer = bytearray(n_rows * row_bytes)
    with array.path.open("rb", buffering=0) as file:
        for start in starts:
            n_bytes = min(n_rows, array.shape[0] - start) * row_bytes
            file.seek(array.offset + start * row_bytes, os.SEEK_SET)
            if file.readinto(memoryview(buffer)[:n_bytes]) != n_bytes:
                raise array.place.file_error(
                    f"{n_bytes:,} bytes from row {start:,} on",
                    got="fewer",
                    remedy="Copy it again: it has been cut off.",
                )
            rows = np.frombuffer(buffer, array.dtype, n_bytes // array.dtype.itemsize)
            work(start, _as_floats(rows.reshape(-1, array.shape[1])))


def _as_floats(chunk: npt.NDArray[Any]) -> npt.NDArray[np.floating]:
    """The chunk as native float32 or float64."""
    return np.asarray(chunk, np.float32 if chunk.dtype.itemsize <= 4 else np.float64)
