"""Tables for people: aligned columns that are never cut off, and figures in the form in which people read them."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from regrade.cli.output import say

if TYPE_CHECKING:
    from rich.table import Table

NOTHING = "-"
"""Stands for what is undefined."""


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print aligned columns on stdout: numbers and figures to the right, text to the left.

    Args:
        columns: Headings; one that ends in `>` (taken off) is aligned to the right.
        rows: One cell a column; None is undefined and printed as `-`, whole numbers get thousands separators.
    """
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        table.add_column(column.removesuffix(">"), justify="right" if column.endswith(">") else "left", no_wrap=True)
    for row in rows:
        table.add_row(*map(_as_cell, row))
    typer.echo(_render(table), nl=False)  # at once, so that talk on stderr comes after it


def percent(share: float | None) -> str:
    """A share 0..1 in percent with two decimals; `-` where it is undefined.

    >>> percent(0.97914), percent(None)
    ('97.91', '-')
    """
    return NOTHING if share is None else f"{100 * share:.2f}"


def percent_interval(low: float | None, high: float | None) -> str:
    """An interval of shares in percent; `-` where it is undefined.

    >>> percent_interval(0.97, 0.985)
    '97.00 to 98.50'
    """
    return NOTHING if low is None or high is None else f"{percent(low)} to {percent(high)}"


def print_notes(notes: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Say each note once on stderr, with the rows that it is about where it is not about all.

    Args:
        notes: Name of each row, and its notes; a name may repeat.
    """
    names: dict[str, dict[str, None]] = {}
    for name, texts in notes:
        for text in texts:
            names.setdefault(text, {})[name] = None
    n_names = len({name for name, _ in notes})
    for text, of in names.items():
        say(f"note: {text}" if len(of) == n_names else f"note: {', '.join(of)}: {text}")


def counted(count: int, thing: str, things: str | None = None) -> str:
    """A number with the word for what is counted.

    >>> counted(1, "item"), counted(20198, "case"), counted(2, "class", "classes")
    ('1 item', '20,198 cases', '2 classes')
    """
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def _as_cell(value: object) -> str:
    from rich.markup import escape

    if value is None:
        return NOTHING
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    # A name from a file must not drive the terminal: control signs show as a replacement sign.
    return escape("".join(sign if sign.isprintable() else "\ufffd" for sign in str(value)))


def _render(table: Table) -> str:
    from rich.console import Console

    page = io.StringIO()
    # Wider than any table: rich cuts cells off to fit, a terminal wraps them, and a file holds them whole.
    console = Console(file=page, force_terminal=sys.stdout.isatty(), highlight=False, width=100_000)
    console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in page.getvalue().splitlines())
