"""Files that are whole or not there: written under a temporary name, synced, renamed."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from regrade.store.private import PRIVATE_FILE

TEMPORARY = "writing-"
"""How the names of unfinished files begin."""


def write_durably(path: Path, content: bytes | memoryview, *, mode: int = PRIVATE_FILE) -> None:
    """Write a file in one step, in place of one of the name. Its name is durable only after `sync_folder`.

    Args:
        path: Where.
        content: All of it.
        mode: Rights of the file, from which the process's mask is taken away.

    Raises:
        OSError: It cannot be written; nothing is left of it then.
    """
    with _unfinished(path.parent, mode) as temporary, temporary.open("wb") as file:
        file.write(content)
        _sync_file(file)
        temporary.replace(path)


def write_hashed(folder: Path, chunks: Iterable[memoryview], *, suffix: str) -> str:
    """Write a file that is named by the SHA-256 of its content, in one step; gives the digest.

    Args:
        folder: Where.
        chunks: The content, one piece after the other.
        suffix: What follows the digest in the name.

    Raises:
        OSError: It cannot be written; nothing is left of it then.
    """
    digest = hashlib.sha256()
    with _unfinished(folder) as temporary, temporary.open("wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
        _sync_file(file)
        temporary.replace(folder / f"{digest.hexdigest()}{suffix}")
    return digest.hexdigest()


@contextmanager
def _unfinished(folder: Path, mode: int = PRIVATE_FILE) -> Iterator[Path]:
    """A new, empty file; if the block raises, nothing of it stays."""
    temporary = folder / f"{TEMPORARY}{secrets.token_hex(8)}"
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield temporary
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
