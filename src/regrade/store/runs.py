"""Runs of a model over a split: what it gave for each batch, kept until the run is finished.

Each run has a folder below `runs/`, named by a key that says what it depends on. A batch's outputs are a file that
never changes and has its name only when it is whole, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from regrade.errors import StoreBusyError
from regrade.store.durable import write_durably
from regrade.store.failures import system_failures
from regrade.store.private import PRIVATE_FILE, make_private_folder

RUNS_FOLDER = "runs"
_FINISHED_FILE = "finished.json"


class Run:
    """The outputs of one run so far. Made by `open_run`.

    Attributes:
        folder: Where they stand.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parts = folder / "parts"

    def save_part(self, number: int, inputs: str, outputs: npt.NDArray[np.float32]) -> None:
        """Keep the outputs of a batch.

        Args:
            number: 0-based, of the batch.
            inputs: What went in, as a digest: outputs of other inputs are not given back.
            outputs: (b, C).

        Raises:
            StoreError: They cannot be written.
        """
        data = io.BytesIO()
        np.save(data, outputs, allow_pickle=False)
        with system_failures():
            make_private_folder(self._parts)
            for old in self._parts.glob(f"{number:08d}-*.npy"):
                old.unlink()
            write_durably(self._path(number, inputs), data.getbuffer())

    def load_part(self, number: int, inputs: str) -> npt.NDArray[np.float32] | None:
        """The outputs of a batch, if they are there and whole.

        Raises:
            StoreError: The folder cannot be read.
        """
        with system_failures():
            try:
                part: npt.NDArray[np.float32] = np.load(self._path(number, inputs), allow_pickle=False)
            except (FileNotFoundError, ValueError, EOFError):
                return None
        return part

    def list_parts(self) -> tuple[tuple[int, str], ...]:
        """Number and inputs of every batch that is kept, in order."""
        names = sorted(path.stem.split("-") for path in self._parts.glob("*-*.npy"))
        return tuple((int(number), inputs) for number, inputs in names)

    def save_finished(self, facts: Mapping[str, object]) -> None:
        """Say that the run is finished, and drop its parts.

        Raises:
            StoreError: It cannot be written.
        """
        content = json.dumps(facts, sort_keys=True).encode()
        with system_failures():
            write_durably(self.folder / _FINISHED_FILE, content)
            shutil.rmtree(self._parts, ignore_errors=True)

    def load_finished(self) -> dict[str, object] | None:
        """What `save_finished` was given last; None if the run was never finished."""
        try:
            facts = json.loads((self.folder / _FINISHED_FILE).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        return facts if isinstance(facts, dict) else None

    def _path(self, number: int, inputs: str) -> Path:
        return self._parts / f"{number:08d}-{inputs}.npy"


@contextmanager
def open_run(folder: Path, key: str) -> Iterator[Run]:
    """The run with this key; nobody else has it within the block.

    Args:
        folder: The workspace's folder.
        key: Hex digits.

    Raises:
        StoreBusyError: Another process is at the same run.
        StoreError: The folder cannot be written.
    """
    own = folder / RUNS_FOLDER / key
    with system_failures():
        make_private_folder(own)
    lock = FileLock(own / "run.lock", mode=PRIVATE_FILE)
    with system_failures():
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise StoreBusyError(
                "Another process is at the same run.", remedy="Wait until it has ended, and try again."
            ) from error
    try:
        yield Run(own)
    finally:
        lock.release()
