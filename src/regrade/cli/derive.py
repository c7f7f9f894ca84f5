"""`regrade labels combine` and `regrade labels equivalences`: label sets made from others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from regrade.cli.options import AsJson, Author, WorkspaceFolder
from regrade.cli.output import print_json, warn
from regrade.cli.tables import counted
from regrade.cli.workspaces import open_chosen

How = Literal["union", "prefer"]  # held equal to the label sets' by a test: importing those would load numpy

Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in a few words; kept with the version.")]


def combine(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="A new name for the combined label set.", show_default=False)
    ],
    sources: Annotated[
        list[str],
        typer.Argument(metavar="NAME[@N]...", help="Two or more label sets, the preferred first.", show_default=False),
    ],
    *,
    how: Annotated[How, typer.Option(help="How to settle what differs.", show_default=False)],
    reason: Why = "",
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Combine label sets into one of its own.

    Every item that one of them covers and every verdict that one of them holds is kept. Where they differ, `union`
    takes the most favorable verdict (correct before unclear before wrong), and an item is problematic if any says so;
    `prefer` takes the verdict of the first that judged the pair, and the flag of the first that covers the item.
    """
    from regrade.workflow.derive import combine_versions

    with open_chosen(ctx, workspace) as ws:
        report = combine_versions(ws, name, sources, how=how, reason=reason, by=by)
    if json:
        print_json(report)
        return
    warn(report.version.warnings)
    typer.echo(
        f"{report.version.ref}: {_made(report.created)}: {report.version.reason}: {counted(report.n_items, 'item')}"
        f" ({report.n_problematic:,} problematic), {counted(report.n_verdicts, 'verdict')}"
    )


def equivalences(
    ctx: typer.Context,
    labels: Annotated[str, typer.Argument(metavar="NAME[@N]", help="The label set.", show_default=False)],
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="CSV of label, accepts: where the one is accepted, so is the other.",
            show_default=False,
        ),
    ],
    *,
    new_name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="Make it a label set of its own, not the next version."),
    ] = None,
    reason: Why = "",
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Accept classes that mean the same for one another.

    Makes the next version of the label set, or with --as one of its own. The other class gets the same verdict, correct
    or unclear, unless it has a better one; pairs are directed and not chained.
    """
    from regrade.workflow.derive import apply_equivalences

    with open_chosen(ctx, workspace) as ws:
        report = apply_equivalences(ws, labels, file, new_name=new_name, reason=reason, by=by)
    if json:
        print_json(report)
        return
    typer.echo(
        f"{report.version.ref}: {_made(report.created)}: from {report.source} by {counted(report.n_pairs, 'pair')}:"
        f" {counted(report.n_added, 'verdict')} added, {report.n_raised:,} raised, on {counted(report.n_items, 'item')}"
    )


def _made(created: bool) -> str:
    return "made" if created else "there already, nothing changed"
