"""Text cells that a spreadsheet would run as a formula: an apostrophe before them, and off again.

An apostrophe also comes before cells that start with one already, so that taking one off gives every text back.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

GUARDED = "guarded_"
"""What the name of a column begins with whose texts are guarded: it says so, since a text may itself start with an
apostrophe."""
GUARDED_IDS = f"{GUARDED}id"
"""The column of ids of a table whose ids are guarded."""

_RISKY = ("=", "+", "-", "@", "\t", "\r")
_MARK = "'"


def is_risky(texts: Iterable[str]) -> bool:
    """Whether a spreadsheet would run one of the texts as a formula."""
    return any(text.startswith(_RISKY) for text in texts)


def guard(texts: Iterable[str]) -> list[str]:
    """The texts, those that would be run and those that start with an apostrophe with an apostrophe before them.

    >>> guard(["=1+1", "'tis", "plain"])
    ["'=1+1", "''tis", 'plain']
    """
    return [f"{_MARK}{text}" if text.startswith((*_RISKY, _MARK)) else text for text in texts]


def unguard(texts: Iterable[str]) -> list[str]:
    """The texts as they were before `guard`: without one leading apostrophe where there is one.

    >>> unguard(["'=1+1", "''tis", "plain"])
    ['=1+1', "'tis", 'plain']
    """
    return [text.removeprefix(_MARK) for text in texts]


def guard_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """The table with every column of text guarded, and renamed, that holds a text which a spreadsheet would run."""
    risky = [name for name, dtype in frame.schema.items() if dtype == pl.String and is_risky(frame[name].drop_nulls())]
    return frame.with_columns(_guard_series(frame[name]) for name in risky).rename(
        {name: f"{GUARDED}{name}" for name in risky}
    )


def _guard_series(cells: pl.Series) -> pl.Series:
    return pl.Series(cells.name, guard(cells.fill_null("")), dtype=pl.String)
