"""What goes to stdout: JSON and CSV of records; and what goes to stderr: talk."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import typer


def say(text: str) -> None:
    """Talk: one line on stderr, so that stdout holds results only."""
    typer.echo(text, err=True)


def warn(warnings: Iterable[str]) -> None:
    """Each warning on a line of its own on stderr."""
    for warning in warnings:
        say(f"warning: {warning}")


def refuse_both(*, json: bool, csv: bool) -> None:
    """Check that not both forms are asked for.

    Raises:
        BadParameter: They are.
    """
    if json and csv:
        raise typer.BadParameter("choose one of --json and --csv")


def print_json(value: object) -> None:
    """A record, or a list or mapping of records, as JSON on stdout; NaN and infinity become null, dates ISO 8601."""
    from pydantic_core import to_json

    typer.echo(to_json(value, indent=2, inf_nan_mode="null").decode())


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """CSV with a header on stdout, safe to open in a spreadsheet."""
    from regrade.formats.spreadsheets import write_csv

    write_csv(sys.stdout, columns, rows)
