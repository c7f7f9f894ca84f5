"""`regrade reviews`: judgements made elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.options import AsJson, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, warn
from regrade.cli.tables import counted
from regrade.cli.workspaces import open_chosen

app = typer.Typer(name="reviews", help="Reviews of the panel.", no_args_is_help=True)


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file of judgements.", show_default=False)],
    *,
    by: Annotated[
        str,
        typer.Option(metavar="NAME", help="Who judged (a panel, a paper); stands as the reviewer.", show_default=False),
    ],
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option(metavar="FORMAT", help="Format of the file.")
    ] = "imagenet-mistakes",
    split: SplitName = "main",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Import judgements made elsewhere.

    Verdict, category and severity, with their source. The same file again changes nothing; what the panel here has
    decided stays.
    """
    from regrade.workflow.judgements import import_judgements

    with open_chosen(ctx, workspace) as ws:
        report = import_judgements(ws, file, by=by, format=format, split=split)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    typer.echo(
        f"{counted(report.n_judgements, 'judgement')} by {by}: {report.n_new:,} new;"
        f" {counted(report.n_cases, 'case')} made for them"
    )
