"""Scores of all classes, some rows at a time: into buffers that are used again, by two threads in turns."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import RawIOBase
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from regrade.formats.arrays import ArrayFile, HeldArray
from regrade.formats.held_arrays import open_content
from regrade.formats.predictions.logits import check_shape
from regrade.formats.predictions.ranking import are_probabilities
from regrade.records.classes import ClassList
from regrade.records.items import Split

Work: TypeAlias = Callable[[int, npt.NDArray[np.floating]], None]
"""What is done with a part: the row that it starts at, and its (r, C) scores, native float32 or float64, rows one after
the other; they may be overwritten, and are only valid during the call."""

_PART_BYTES = 1 << 23
"""Threads that take smaller parts wait for each other more often than it helps."""
_N_THREADS = 2


def open_scores(content: Path | npt.NDArray[Any], *, split: Split, classes: ClassList) -> ArrayFile | HeldArray:
    """Open a file of scores of all classes without reading them, or take an array of them.

    Args:
        content: An .npy file, an .npz file with one array, or an array: float, (n, C), rows in the order of the split.
        split: The split that it is for.
        classes: The classes of the benchmark.

    Raises:
        InputError: It is another kind of file or damaged, or its shape is another.
    """
    array = open_content(content, "scores").array
    check_shape(array, len(split), len(classes))
    return array


def work_through(array: ArrayFile | HeldArray, work: Work) -> None:
    """Do something with all rows, a few mebibytes at a time, each once.

    An .npy file that stores its rows one after the other is worked through by two threads, in any order: while one
    reads, the other works. So no more of it is ever in memory than two parts. Any other array is read in order.

    Args:
        array: (n, C) floats.
        work: Called from any thread. What it raises ends the work.

    Raises:
        InputError: The file is damaged, or has been cut off since it was opened.
    """
    n_rows = max(1, _PART_BYTES // (array.shape[1] * array.dtype.itemsize))
    if isinstance(array, ArrayFile) and array.member is None and not array.fortran:
        _work_in_turns(array, n_rows, work)
        return
    start = 0
    for chunk in array.chunks(n_rows):
        work(start, _as_floats(chunk))
        start += len(chunk)


def check_scores(array: ArrayFile | HeldArray) -> None:
    """Check that every row holds finite numbers that tell the classes apart.

    Raises:
        InputError: One does not; the message names the rows.
    """
    are_probabilities(array)


def _work_in_turns(array: ArrayFile, n_rows: int, work: Work) -> None:
    turn, starts = Lock(), iter(range(0, array.shape[0], n_rows))
    with array.path.open("rb", buffering=0) as file, ThreadPoolExecutor(_N_THREADS) as pool:
        file.seek(array.offset)

        def read_and_work() -> None:
            rows = np.empty((n_rows, array.shape[1]), array.dtype)
            while True:
                # Reading one after the other, the threads need no place in the file, and seldom meet in their work.
                with turn:
                    start = next(starts, None)
                    if start is None:
                        return
                    part = rows[: array.shape[0] - start]
                    _fill(part, file, array, start)
                work(start, _as_floats(part))

        for done in [pool.submit(read_and_work) for _ in range(_N_THREADS)]:
            done.result()


def _fill(part: npt.NDArray[Any], file: RawIOBase, array: ArrayFile, start: int) -> None:
    """Read the next bytes of the file into the part."""
    if file.readinto(part.view(np.uint8).data) != part.nbytes:
        raise array.place.file_error(
            f"{part.nbytes:,} bytes from row {start:,} on",
            got="fewer",
            remedy="Copy it again: it has been cut off.",
        )


def _as_floats(chunk: npt.NDArray[Any]) -> npt.NDArray[np.floating]:
    """The chunk as native float32 or float64 that may be written to, rows one after the other."""
    return np.require(chunk, np.float32 if chunk.dtype.itemsize <= 4 else np.float64, ["C", "W"])
