"""Immutable array files, named by the SHA-256 of their bytes: .npy for arrays, Parquet for tables. Never pickle.

A file is written under a temporary name, synced and renamed, so a file that has its name is whole. The folder is synced
once for all of them, by `sync`, which every write transaction calls before it commits.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from tokenize import TokenError
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from numpy.lib import format as npy

from regrade.errors import StoreError
from regrade.store.durable import sync_folder, write_durably, write_hashed
from regrade.store.failures import describe_system_failure, system_failures
from regrade.store.private import make_private_folder

_DAMAGED = "Restore it from a backup, or import its source again into a new workspace."


class ArrayFiles:
    """The array files of one workspace.

    Attributes:
        folder: Where they stand; made by `create`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._unsynced = False
        self._lock = threading.Lock()

    def create(self) -> None:
        """Make the folder if there is none."""
        with system_failures():
            make_private_folder(self.folder)
            sync_folder(self.folder.parent)

    def save_npy(self, array: npt.NDArray[Any]) -> str:
        """Store an array of numbers; gives its digest. The same content again is no change.

        Raises:
            StoreError: It cannot be written.
        """
        out = io.BytesIO()
        np.save(out, np.ascontiguousarray(array), allow_pickle=False)
        return self._save(out.getbuffer(), ".npy")

    def save_npy_rows(self, rows: Iterable[npt.NDArray[Any]], *, shape: tuple[int, ...], dtype: npt.DTypeLike) -> str:
        """Store an array that is handed over in chunks of rows, so that it need not fit in memory; gives its digest.

        Args:
            rows: The chunks in order, each of the type and of the width that is said.
            shape: Of the whole array.
            dtype: Of the whole array.

        Raises:
            StoreError: It cannot be written.
        """
        header = io.BytesIO()
        facts = {"descr": npy.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(header, facts)
        chunks = (np.ascontiguousarray(chunk, dtype).data.cast("B") for chunk in rows if chunk.size)
        with system_failures():
            digest = write_hashed(self.folder, chain([header.getbuffer()], chunks), suffix=".npy")
        with self._lock:
            self._unsynced = True
        return digest

    def load_npy(self, digest: str, *, mmap: bool = True) -> npt.NDArray[Any]:
        """The array with this digest, read-only and memory-mapped unless `mmap` is False.

        Raises:
            StoreError: The file is missing or damaged.
        """
        path = self._path(digest, ".npy")
        try:
            array: npt.NDArray[Any] = np.load(path, mmap_mode="r" if mmap else None, allow_pickle=False)
        except (ValueError, EOFError, SyntaxError, TokenError) as error:  # what a damaged header can lead to
            raise _damaged(path) from error
        except OSError as error:
            raise _unreadable(path, error) from error
        return array

    def save_parquet(self, frame: pl.DataFrame) -> str:
        """Store a table; gives its digest. The same content again is no change.

        Raises:
            StoreError: It cannot be written.
        """
        out = io.BytesIO()
        frame.write_parquet(out, compression="zstd", statistics=False)
        return self._save(out.getbuffer(), ".parquet")

    def load_parquet(self, digest: str) -> pl.DataFrame:
        """The table with this digest.

        Raises:
            StoreError: The file is missing or damaged.
        """
        path = self._path(digest, ".parquet")
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _unreadable(path, error) from error
        # Checked first: the reader of a damaged file may end the process.
        if hashlib.sha256(content).hexdigest() != digest:
            raise _damaged(path)
        return pl.read_parquet(content)

    def verify(self, digest: str) -> None:
        """Read a file whole and compare its bytes with its name.

        Raises:
            StoreError: It is missing, or its bytes are others.
        """
        path = self._path(digest, ".npy")
        if not path.exists():
            path = self._path(digest, ".parquet")
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unreadable(path, error) from error
        if found != digest:
            raise _damaged(path)

    def sync(self) -> None:
        """Make the names of all files saved so far durable.

        Raises:
            StoreError: The folder cannot be synced.
        """
        with self._lock:
            if self._unsynced:
                with system_failures():
                    sync_folder(self.folder)
                self._unsynced = False

    def _path(self, digest: str, suffix: str) -> Path:
        return self.folder / f"{digest}{suffix}"

    def _save(self, content: memoryview, suffix: str) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest, suffix)
        with system_failures():
            if not path.exists() or path.stat().st_size != len(content):
                write_durably(path, content)
        # Also where the file was there: whoever wrote it may not have synced its name yet.
        with self._lock:
            self._unsynced = True
        return digest


def _damaged(path: Path) -> StoreError:
    return StoreError(f"The array file {path.name} is damaged.", remedy=_DAMAGED)


def _unreadable(path: Path, error: OSError) -> StoreError:
    if isinstance(error, FileNotFoundError):
        return StoreError(f"The array file {path.name} is missing.", remedy=_DAMAGED)
    return describe_system_failure(error)
