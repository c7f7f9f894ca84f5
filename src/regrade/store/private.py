"""What only the account that made it may read: reviews and password hashes lie in it, and machines are shared.

SQLite gives the files beside a database the database's own rights. Windows has no such modes: there a new file has the
rights that its folder hands on.
"""

from __future__ import annotations

import os
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are lacking; one that is there keeps its rights.

    Raises:
        OSError: It cannot be made.
    """
    if not folder.parent.exists():
        make_private_folder(folder.parent)
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)


def make_private_file(path: Path) -> None:
    """Make an empty file; one that is there stays as it is.

    Raises:
        OSError: It cannot be made.
    """
    path.touch(mode=PRIVATE_FILE)


def can_others_read(path: Path) -> bool:
    """Whether another account of this machine can come to a file and read it; False if there is none.

    Those who may do everything are left out of account.
    """
    if os.name == "nt" or not path.exists():
        return False
    path = path.resolve()
    way = 0o011  # the right to go through all folders above, of the group and of everybody
    for folder in path.parents:
        way &= folder.stat().st_mode
    return bool(path.stat().st_mode & way << 2)
