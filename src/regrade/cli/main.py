"""Wires the commands together; `run` is the program."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer.core import TyperGroup

from regrade.cli import (
    calibration,
    cases,
    compare,
    demo,
    doctor,
    embed,
    grade,
    init,
    items,
    labels,
    mistakes,
    neighbors,
    predictions,
    protocol,
    reviews,
    serve,
    shift,
    users,
)
from regrade.cli.failures import guard
from regrade.cli.huge_pages import use_huge_pages
from regrade.cli.options import RootWorkspace

COMMANDS = (
    *(
        "demo",
        "init",
        "items",
        "labels",
        "predictions",
        "grade",
        "calibration",
        "compare",
        "shift",
        "mistakes",
        "cases",
    ),
    *("embed", "neighbors"),
    *("protocol", "reviews", "users", "serve", "doctor"),
)
"""In the order of the loop; so they stand in `--help`."""
_SERVING = frozenset({"serve", "demo"})
"""Commands that run until they are stopped. A word elsewhere among the arguments does no harm."""


class _InOrder(TyperGroup):
    """Lists the commands in the order of the loop."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # the base names its own Context
        return sorted(super().list_commands(ctx), key=COMMANDS.index)


app = typer.Typer(
    name="regrade",
    cls=_InOrder,
    help="Review a benchmark's remaining mistakes, correct its answer key, and grade every model again.",
    epilog="Exit codes: 0 fine, 1 an error that says what to do, 2 usage. Results go to stdout, talk to stderr.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
for command in (
    *(demo.demo, init.init, grade.grade, calibration.calibration, compare.compare, shift.shift, mistakes.mistakes),
    neighbors.neighbors,
    *(serve.serve, doctor.doctor),
):
    app.command()(command)
for group in (items.app, labels.app, predictions.app, cases.app, embed.app, protocol.app, reviews.app, users.app):
    app.add_typer(group)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"regrade {version('regrade')}")
        raise typer.Exit


@app.callback()
def choose_workspace(
    ctx: typer.Context,
    *,
    workspace: RootWorkspace = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Review a benchmark's remaining mistakes, correct its answer key, and grade every model again."""
    del version  # its callback has done the work
    ctx.obj = workspace


def run() -> None:
    """Run the command that the arguments name and leave with its exit code."""
    if _SERVING.intersection(sys.argv[1:]):
        use_huge_pages()
    sys.exit(guard(app))
