"""Names of files and folders, as text or as paths."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TypeAlias, TypeVar

FilePath: TypeAlias = str | PathLike[str]
"""What callers name a file or folder by."""
Other = TypeVar("Other")


def as_path(content: FilePath | Other) -> Path | Other:
    """A path, if it is one or text; anything else (a dataframe, None) as it is.

    Args:
        content: What the caller gave.
    """
    return Path(content) if isinstance(content, str | PathLike) else content
