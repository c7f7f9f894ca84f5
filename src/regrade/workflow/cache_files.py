"""Files in the workspace's cache: they spare work, and may be deleted at any time."""

from __future__ import annotations

import os
from pathlib import Path

from regrade.store.private import make_private_file, make_private_folder

CACHE_FOLDER = "cache"


def read_cached(path: Path) -> bytes | None:
    """What a file holds; None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def write_cached(path: Path, data: bytes | memoryview) -> None:
    """Keep a file whole or not at all; a full disk only costs the next reader time."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        make_private_folder(path.parent)
        make_private_file(temporary)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
