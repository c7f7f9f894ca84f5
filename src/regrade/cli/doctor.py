"""`regrade doctor`."""

from __future__ import annotations

import typer

from regrade.cli.failures import FAILED
from regrade.cli.options import AsJson, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import counted
from regrade.cli.workspaces import open_chosen


def doctor(ctx: typer.Context, *, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """Look a workspace over for damage.

    Runs the database's own checks and reads every array file. Exits with 1 if anything is wrong.
    """
    from regrade.workflow.doctor import examine_workspace

    with open_chosen(ctx, workspace) as ws:
        report = examine_workspace(ws)
    if json:
        print_json(report)
    else:
        typer.echo(f"{report.database}, {counted(report.n_files, 'array file')}")
        for what in report.damage:
            typer.echo(f"damaged: {what}")
        if not report.damage:
            typer.echo("sound")
        for note in report.notes:
            say(f"note: {note}")
    if report.damage:
        say("Restore the workspace from a backup; do not write to this one.")
        raise typer.Exit(FAILED)
