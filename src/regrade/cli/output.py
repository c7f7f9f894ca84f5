"""What goes to stdout: JSON and CSV of records; and what goes to stderr: talk.

CSV is safe to open in a spreadsheet: a text cell that would be run as a formula (its first sign is `=`, `+`, `-`, `@`,
a tab or a carriage return) gets an apostrophe before it. So does a cell that starts with an apostrophe already: whoever
takes one leading apostrophe off every text cell that has one gets the old text back.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence

import typer

_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")


def say(text: str) -> None:
    """Talk: one line on stderr, so that stdout holds results only."""
    typer.echo(text, err=True)


def warn(warnings: Iterable[str]) -> None:
    """Each warning on a line of its own on stderr."""
    for warning in warnings:
        say(f"warning: {warning}")


def print_json(value: object) -> None:
    """A record, or a list or mapping of records, as JSON on stdout; NaN and infinity become null, dates ISO 8601."""
    from pydantic_core import to_json

    typer.echo(to_json(value, indent=2, inf_nan_mode="null").decode())


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """CSV (RFC 4180) with a header on stdout; text cells are guarded against formulas, None is an empty cell."""
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guard_formula(cell) if isinstance(cell, str) else cell for cell in row])


def guard_formula(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it as a formula.

    >>> guard_formula("=1+1"), guard_formula("'tis"), guard_formula("plain")
    ("'=1+1", "''tis", 'plain')
    """
    return f"'{text}" if text.startswith(_RISKY) else text
