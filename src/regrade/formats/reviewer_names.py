"""Whom another tool's users are here: a CSV of what it calls them, and their names."""

from __future__ import annotations

from pathlib import Path

from regrade.formats.item_ids import refuse_repeated_texts
from regrade.formats.sources import Source

DESCRIPTION = "user (an id or email of another tool), name (the reviewer here)"


def read_reviewer_names(path: Path) -> dict[str, str]:
    """Name of the reviewer by what the other tool calls the user.

    Args:
        path: CSV with the columns `user` and `name`.

    Raises:
        InputError: Another layout, an empty cell, or a user twice.
    """
    table = Source(path).csv
    table.require("user", "name")
    called, names = table.texts("user"), table.texts("name")
    refuse_repeated_texts(called, table.place, expected="each user once")
    return dict(zip(called, names, strict=True))
