"""What the commands that run a model over images have in common."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Annotated

import typer

from regrade.cli.output import say, warn
from regrade.cli.tables import counted

AdapterName = Annotated[
    str, typer.Argument(metavar="ADAPTER", help="What runs it: onnx, sklearn, torch.", show_default=False)
]
ModelSource = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A file, or MODULE:NAME or FILE.py:NAME of Python code.", show_default=False),
]
AdapterSettings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="An option of the adapter; may be repeated."),
]
BatchSize = Annotated[int, typer.Option(min=1, metavar="N", help="Images that the model sees at once.")]
SkipDamaged = Annotated[bool, typer.Option("--skip-damaged", help="Leave out and count images that cannot be read.")]


@contextmanager
def running() -> Iterator[None]:
    """While a model runs: what its own code prints is talk, and whoever stops it is told how it goes on."""
    try:
        with redirect_stdout(sys.stderr):
            yield
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where this one was.")
        raise


def read_settings(texts: Sequence[str]) -> dict[str, str]:
    """The values of all `KEY=VALUE` by name.

    Raises:
        BadParameter: One has another form, or two have one key.
    """
    pairs = [parse_setting(text) for text in texts]
    if len(dict(pairs)) < len(pairs):
        raise typer.BadParameter("expected each key once", param_hint="--set")
    return dict(pairs)


def parse_setting(text: str) -> tuple[str, str]:
    """Name and value of one `KEY=VALUE`.

    Raises:
        BadParameter: It has no `=`, or nothing before it.
    """
    name, mark, value = text.partition("=")
    if not (mark and name):
        raise typer.BadParameter(f"expected KEY=VALUE; got {text!r}", param_hint="--set")
    return name, value


def warn_damaged(ids: Sequence[str]) -> None:
    """Say which images were left out, the first few by name."""
    if ids:
        why = "it cannot be read" if len(ids) == 1 else "they cannot be read"
        more = f" and {len(ids) - 3:,} more" if len(ids) > 3 else ""
        warn([f"{counted(len(ids), 'image')} left out because {why}: {', '.join(ids[:3])}{more}"])
