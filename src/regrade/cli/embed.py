"""`regrade embed`: embeddings of the items."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.options import AsJson, Author, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say, warn
from regrade.cli.running import (
    AdapterName,
    AdapterSettings,
    BatchSize,
    ModelSource,
    SkipDamaged,
    read_settings,
    running,
)
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

app = typer.Typer(
    name="embed",
    help="Embeddings: vectors of the items.",
    no_args_is_help=True,
)

Name = Annotated[
    str,
    typer.Argument(metavar="NAME", help="The embedder's name here, the same for all splits.", show_default=False),
]


@app.command("import")
def import_(
    ctx: typer.Context,
    name: Name,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Vectors: .npy, .npz with or without ids, or Parquet with a column id.",
            show_default=False,
        ),
    ],
    *,
    split: SplitName = "main",
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="Format of the file; without it, told by the content.")
    ] = None,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Import embeddings of a split's items.

    Items without a vector have a row of NaN, or none where rows are joined by id. The same content again changes
    nothing.
    """
    from regrade.workflow.embeddings import import_embeddings

    with open_chosen(ctx, workspace) as ws:
        report = import_embeddings(ws, name, file, split=split, format=format, by=by)
    if json:
        print_json(report)
        return
    stored = report.stored
    columns = ("name", "split", "dimensions>", "stored", "missing>")
    created = "yes" if report.created else "there already"
    print_table(columns, [(stored.name, stored.split, stored.n_dimensions, created, stored.n_missing)])


@app.command()
def run(
    ctx: typer.Context,
    adapter: AdapterName,
    name: Name,
    source: ModelSource,
    *,
    settings: AdapterSettings = None,
    split: SplitName = "main",
    batch_size: BatchSize = 64,
    skip_damaged: SkipDamaged = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Run an embedder over all images and store its vectors.

    If it is interrupted, the same command goes on where it was. An image whose vector is zero is left out and counted.
    """
    from regrade.cli.progress import show_images
    from regrade.workflow.embed import run_embedder

    options = read_settings(settings or [])
    with running(), open_chosen(ctx, workspace) as ws, show_images(name) as progress:
        report = run_embedder(
            ws,
            adapter,
            name,
            source,
            options=options,
            split=split,
            batch_size=batch_size,
            skip_damaged=skip_damaged,
            progress=progress,
            by=by,
        )
    say(f"images: {report.preparation}")
    if report.missing:
        more = f" and {len(report.missing) - 3:,} more" if len(report.missing) > 3 else ""
        listed = ", ".join(report.missing[:3])
        warn([f"{counted(len(report.missing), 'image')} without a vector (damaged, or zero): {listed}{more}"])
    if json:
        print_json(report)
        return
    stored = report.stored
    columns = ("name", "split", "dimensions>", "stored", "computed>", "missing>")
    created = "yes" if report.created else "there already"
    print_table(columns, [(name, stored.split, stored.n_dimensions, created, report.n_computed, stored.n_missing)])


@app.command("list")
def list_(ctx: typer.Context, *, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List the embeddings of all splits."""
    from regrade.workflow.embeddings import list_embeddings

    with open_chosen(ctx, workspace) as ws:
        rows = list_embeddings(ws)
    if json:
        print_json(rows)
        return
    print_table(
        ("name", "split", "dimensions>", "missing>", "from", "stored"),
        (
            (row.name, row.split, row.n_dimensions, row.n_missing, row.source, f"{row.created_at:%Y-%m-%d}")
            for row in rows
        ),
    )
    if not rows:
        say("No embeddings yet: store some with `regrade embed import` or `regrade embed run`.")
