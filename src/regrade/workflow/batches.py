"""Batches of items: cut from a split, known by the files that they stand for, read by threads ahead of their use."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from regrade.records.items import Split

Prepared = TypeVar("Prepared")

N_READERS = max(1, min(8, (os.cpu_count() or 1) - 1))
"""Threads that read and prepare images, beside the model: Pillow lets others run while it decodes."""
_N_AHEAD = 1
"""Batches that are prepared while one is computed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Items that a model sees at once."""

    number: int
    """0-based."""
    items: range
    """Positions in the split."""
    inputs: str
    """A digest of size and time of the items' files: another one where a file was changed."""


def cut_batches(split: Split, root: Path, batch_size: int) -> Iterator[Batch]:
    """All items of a split, `batch_size` at a time, in order."""
    for number, start in enumerate(range(0, len(split), batch_size)):
        items = range(start, min(start + batch_size, len(split)))
        yield Batch(
            number, items, _digest_files([root / path if path else None for path in split.media[start : items.stop]])
        )


def _digest_files(paths: Sequence[Path | None]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        try:
            status = None if path is None else path.stat()
        except (OSError, ValueError):
            status = None
        digest.update(b"-" if status is None else f"{status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def read_ahead(batches: Sequence[Batch], prepare: Callable[[int], Prepared]) -> Generator[tuple[Batch, list[Prepared]]]:
    """Each batch with its prepared items; while one is used, threads prepare the next.

    Args:
        batches: In the order in which they come out.
        prepare: Called with an item's position, in several threads; an error of it comes when the turn of its batch
            has come.
    """
    pool = ThreadPoolExecutor(N_READERS, thread_name_prefix="reader")
    waiting: deque[tuple[Batch, list[Future[Prepared]]]] = deque()
    try:
        for batch in batches:
            waiting.append((batch, [pool.submit(prepare, item) for item in batch.items]))
            if len(waiting) > _N_AHEAD:
                yield _collect(waiting.popleft())
        while waiting:
            yield _collect(waiting.popleft())
    finally:
        pool.shutdown(cancel_futures=True)


def _collect(entry: tuple[Batch, list[Future[Prepared]]]) -> tuple[Batch, list[Prepared]]:
    batch, futures = entry
    return batch, [future.result() for future in futures]
