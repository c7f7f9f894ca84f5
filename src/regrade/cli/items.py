"""`regrade items`: further splits, and the items of a split in order."""

from __future__ import annotations

from typing import Annotated

import typer

from regrade.cli.datasets import (
    ClassNumbers,
    DatasetPath,
    DatasetSplit,
    Download,
    ImageColumn,
    LabelColumn,
    read_dataset_options,
)
from regrade.cli.options import (
    AsCsv,
    AsJson,
    Author,
    IdColumn,
    ImagesFolder,
    ItemsFile,
    Limit,
    MediaFolder,
    SplitName,
    WorkspaceFolder,
)
from regrade.cli.output import print_csv, print_json, refuse_both, warn
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

app = typer.Typer(name="items", help="Items: list them, or add sets of items beside `main`.", no_args_is_help=True)


@app.command()
def add(
    ctx: typer.Context,
    split: Annotated[str, typer.Argument(metavar="SPLIT", help="Name of the new set of items.", show_default=False)],
    *,
    items: ItemsFile = None,
    images: ImagesFolder = None,
    media: MediaFolder = None,
    id_column: IdColumn = None,
    dataset: DatasetPath = None,
    dataset_split: DatasetSplit = None,
    image: ImageColumn = None,
    label: LabelColumn = None,
    class_numbers: ClassNumbers = False,
    download: Download = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Add a split: a second set of items.

    Another benchmark, say, or the training data. The same items again change nothing.
    """
    from regrade.workflow.workspace import add_split

    found = read_dataset_options(
        dataset,
        split=dataset_split,
        ids=id_column,
        image=image,
        label=label,
        class_numbers=class_numbers,
        download=download,
    )
    ids = None if found else id_column
    with open_chosen(ctx, workspace) as ws:
        report = add_split(ws, split, items=items, images=images, media=media, id_column=ids, dataset=found, by=by)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    skipped = f", {counted(report.n_skipped, 'file')} skipped" if report.n_skipped else ""
    typer.echo(
        f"{split}: {counted(report.n_items, 'item')} ({report.n_labeled:,} with a label,"
        f" {report.n_media:,} with a media file){skipped}"
    )


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    split: SplitName = "main",
    limit: Limit = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """List the items of a split in their order.

    Files without ids (.npy, ReaL's JSON) hold their rows in this order.
    """
    from regrade.workflow.item_list import list_items

    refuse_both(json=json, csv=csv)
    with open_chosen(ctx, workspace) as ws:
        rows = list_items(ws, split)[:limit]
    if json:
        print_json(rows)
    elif csv:
        columns = ("row", "id", "class_id", "key", "name", "path")
        print_csv(columns, ((row.row, row.id, row.class_id, row.key, row.name, row.path) for row in rows))
    else:
        print_table(
            ("row>", "item", "label", "file"),
            ((row.row, row.id, None if row.key is None else f"{row.class_id} {row.name}", row.path) for row in rows),
        )
