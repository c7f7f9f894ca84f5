"""`regrade predictions`: models' predictions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.options import AsJson, Author, KindName, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

app = typer.Typer(name="predictions", help="Predictions of models and human labelers.", no_args_is_help=True)


def name_files(arguments: list[str], prefix: str) -> list[tuple[str, Path]]:
    """Model name and file of each argument.

    Two arguments, of which the first is no existing file, are a model's name and its file; else all are files, and each
    model is named by the prefix and its file's name without folder and ending.

    Args:
        arguments: What stands on the command line.
        prefix: What to put before each model's name.
    """
    if len(arguments) == 2 and not Path(arguments[0]).exists():
        return [(prefix + arguments[0], Path(arguments[1]))]
    return [(prefix + Path(argument.removesuffix(".gz")).stem, Path(argument)) for argument in arguments]


@app.command("import")
def import_(
    ctx: typer.Context,
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="(MODEL FILE | FILE...)",
            help="A model's name and its file, or files named after models.",
            show_default=False,
        ),
    ],
    *,
    prefix: Annotated[str, typer.Option(metavar="TEXT", help="Put this before each model's name.")] = "",
    split: SplitName = "main",
    kind: Annotated[
        KindName, typer.Option(help="Whose answers they are; a human labeler's may cover part of the items.")
    ] = "model",
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Accept items without a prediction; they are counted.")
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option(metavar="FORMAT", help="Format of the files; without it, told by the content.")
    ] = None,
    columns: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV that names the models of a table with one column a model.")
    ] = None,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Import predictions.

    All files are imported, or none if one of them is not what it must be. The same content again changes nothing.
    """
    from regrade.workflow.predictions import import_predictions

    with open_chosen(ctx, workspace) as ws:
        reports = import_predictions(
            ws,
            name_files(arguments, prefix),
            split=split,
            kind=kind,
            allow_missing=allow_missing,
            format=format,
            columns=columns,
            by=by,
        )
    if json:
        print_json(reports)
        return
    print_table(
        ("model", "stored", "missing>", "ties>", "new cases>"),
        (
            (
                report.stored.model,
                "yes" if report.created else "there already",
                report.stored.n_missing,
                report.stored.n_ties,
                report.n_new_cases,
            )
            for report in reports
        ),
    )
    say(f"{counted(len(reports), 'model')}; new cases: mistakes that nobody has judged, each model taken alone")


@app.command("list")
def list_(
    ctx: typer.Context, split: SplitName = "main", json: AsJson = False, workspace: WorkspaceFolder = None
) -> None:
    """List the models that have predictions."""
    from regrade.workflow.predictions import list_predictions

    with open_chosen(ctx, workspace) as ws:
        rows = list_predictions(ws, split)
    if json:
        print_json(rows)
        return
    print_table(
        ("model", "kind", "missing>", "ties>", "file", "imported"),
        ((row.model, row.kind, row.n_missing, row.n_ties, row.source, f"{row.created_at:%Y-%m-%d}") for row in rows),
    )
    if not rows:
        say("No predictions yet: import some with `regrade predictions import`.")
