"""`regrade labels export`: a version of the labels as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.options import AsJson, WorkspaceFolder
from regrade.cli.output import print_json, warn
from regrade.cli.tables import counted
from regrade.cli.workspaces import open_chosen


def export(
    ctx: typer.Context,
    labels: Annotated[str, typer.Argument(metavar="NAME[@N]", help="The version; without @N the newest.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write; one of that name is replaced.")],
    *,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="card, croissant, csv, human-accuracy, parquet, real or single-label; without it, told by the file's"
            " name.",
        ),
    ] = None,
    license: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The license of the labels, for card and croissant.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Where the labels are published, for card and croissant.")
    ] = None,
    intended_use: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What the labels are for, for the card.")
    ] = None,
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Write a version of the labels to a file.

    csv, parquet, human-accuracy and real can be imported again; what one of them cannot hold is said as a warning.
    single-label is for training scripts: the items that have one label, as id, label, class_id, name.
    croissant is metadata for other tools, with the labels as Parquet beside it; card says for people what the labels
    are, who made them of what and how, and what is unknown.
    """
    from regrade.workflow.export import export_version

    with open_chosen(ctx, workspace) as ws:
        report = export_version(ws, labels, file, format=format, license=license, url=url, intended_use=intended_use)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    for written in report.files:
        typer.echo(
            f"{written}: {report.version.ref} as {report.format}: {counted(report.n_items, 'item')},"
            f" {counted(report.n_verdicts, 'verdict')}"
        )
