"""`regrade predictions`: models' predictions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.options import AsJson, Author, KindName, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say, warn
from regrade.cli.running import (
    AdapterName,
    AdapterSettings,
    BatchSize,
    ModelSource,
    SkipDamaged,
    read_settings,
    running,
    warn_damaged,
)
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

app = typer.Typer(name="predictions", help="Predictions of models and human labelers.", no_args_is_help=True)


def name_files(arguments: list[str], prefix: str, *, named_inside: bool = False) -> list[tuple[str, Path]]:
    """Model name and file of each argument.

    Two arguments, of which the first is no existing file, are a model's name and its file; else all are files, and each
    model is named by the prefix and its file's name without folder and ending.

    Args:
        arguments: What stands on the command line.
        prefix: What to put before each model's name.
        named_inside: The models are named elsewhere (`--columns`), so a file's own name says nothing.

    Raises:
        BadParameter: Names stand between several files, or before a file with `=`.
    """
    if len(arguments) == 2 and not Path(arguments[0]).exists():
        return [(prefix + arguments[0], Path(arguments[1]))]
    _check_arguments(arguments)
    stems = ["" if named_inside else Path(argument.removesuffix(".gz")).stem for argument in arguments]
    return [(prefix + stem, Path(argument)) for stem, argument in zip(stems, arguments, strict=True)]


def _check_arguments(arguments: Sequence[str]) -> None:
    """Refuse what is meant as names and files, but cannot be told from files that are not there."""
    absent = [argument for argument in arguments if not Path(argument).exists()]
    name, mark, file = absent[0].partition("=") if absent else ("", "", "")
    if mark and Path(file).exists():
        raise typer.BadParameter(f"expected MODEL FILE, so `{name} {file}`; got {absent[0]}", param_hint="arguments")
    if len(arguments) > 2 and 0 < len(absent) < len(arguments):
        raise typer.BadParameter(
            f"expected one model's name and its file (MODEL FILE), or files alone; got {absent[0]}, which is no file."
            " Import models that you name one by one",
            param_hint="arguments",
        )


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
    format: Annotated[
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
            name_files(arguments, prefix, named_inside=columns is not None),
            split=split,
            kind=kind,
            allow_missing=allow_missing,
            format=format,
            columns=columns,
            by=by,
        )
    warn(warning for report in reports for warning in report.warnings)
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


@app.command()
def run(
    ctx: typer.Context,
    adapter: AdapterName,
    model: Annotated[str, typer.Argument(metavar="MODEL", help="The model's name here.", show_default=False)],
    source: ModelSource,
    *,
    settings: AdapterSettings = None,
    split: SplitName = "main",
    batch_size: BatchSize = 64,
    top_k: Annotated[
        int, typer.Option("--top-k", min=1, max=10, metavar="K", help="Best classes of each image that are kept.")
    ] = 5,
    probabilities: Annotated[
        bool, typer.Option("--probabilities", help="Keep the probabilities of all classes too.")
    ] = False,
    skip_damaged: SkipDamaged = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Run a classifier over all images and import what it says.

    If it is interrupted, the same command goes on where it was.
    """
    from regrade.cli.progress import show_images
    from regrade.workflow.run import run_model

    options = read_settings(settings or [])
    with running(), open_chosen(ctx, workspace) as ws, show_images(model) as progress:
        report = run_model(
            ws,
            adapter,
            model,
            source,
            options=options,
            split=split,
            batch_size=batch_size,
            n_ranks=top_k,
            probabilities=probabilities,
            skip_damaged=skip_damaged,
            progress=progress,
            by=by,
        )
    say(f"images: {report.preparation}")
    warn_damaged(report.damaged)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    stored = "yes" if report.created else "there already"
    row = (model, stored, report.n_computed, report.stored.n_missing, report.stored.n_ties, report.n_new_cases)
    print_table(("model", "stored", "computed>", "missing>", "ties>", "new cases>"), [row])


@app.command()
def rename(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="The model's name now.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Its name from now on.", show_default=False)],
    *,
    split: SplitName = "main",
    by: Author = "local",
    workspace: WorkspaceFolder = None,
) -> None:
    """Give a model another name.

    Its predictions, grades, mistakes and cases stay as they are and go by the new name. On another split it keeps its
    name, unless that is changed too.
    """
    from regrade.workflow.rename_model import rename_model

    with open_chosen(ctx, workspace) as ws:
        renamed = rename_model(ws, old, new, split=split, by=by)
    typer.echo(f"{old} is now {renamed.model}")


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
