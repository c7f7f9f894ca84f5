"""Files that are whole or not there: written under a temporary name, synced, renamed."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

TEMPORARY = "writing-"
"""How the names of unfinished files begin."""


def write_durably(path: Path, content: bytes | memoryview, *, mode: int = 0o666) -> None:
    """Write a file in one step, in place of one of the name. Its name is durable only after `sync_folder`.

    Args:
        path: Where.
        content: All of it.
        mode: Rights of the file, from which the process's mask is taken away.

    Raises:
        OSError: It cannot be written; nothing is left of it then.
    """
    temporary = path.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
