"""Files that users asked for: written whole under their names, or not at all."""

from __future__ import annotations

from pathlib import Path

from regrade.errors import InputError
from regrade.store.durable import write_durably


def save_file(path: Path, content: bytes) -> None:
    """Write a file whole under its name, or leave what is there (at the end of a link) as it is.

    Raises:
        InputError: The file cannot be written.
    """
    try:
        target = path.resolve()
        if target.exists() and not target.is_file():
            raise InputError(
                "a file to write", got="a folder, pipe or device", remedy="Name a file on disk.", where=str(path)
            )
        write_durably(target, content, mode=0o666)  # as private as the user's mask says
    except OSError as error:
        raise InputError(
            "a file that can be written",
            got=error.strerror or type(error).__name__,
            remedy="Check the folder, its permissions and the space on the disk.",
            where=str(path),
        ) from error
