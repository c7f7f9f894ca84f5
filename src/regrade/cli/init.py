"""`regrade init`."""

from __future__ import annotations

from pathlib import Path
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
from regrade.cli.options import AsJson, Author, IdColumn, ImagesFolder, ItemsFile, MediaFolder, Reviewers
from regrade.cli.output import print_json, warn
from regrade.cli.tables import counted


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if need be.", show_default=False)],
    *,
    classes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV of classes: class_id, key or wnid, name, ...; without it, those that the dataset names.",
        ),
    ] = None,
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
    hierarchy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="CSV of edges above the classes: child, parent.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the benchmark; without it, the folder's name.")
    ] = None,
    reviewers: Reviewers = 2,
    by: Author = "local",
    json: AsJson = False,
) -> None:
    """Make a workspace from a benchmark's classes and items.

    Items that carry a label become the first label set, original@1. Every file is checked whole before anything is
    stored.
    """
    from regrade.workflow.workspace import init_workspace

    found = read_dataset_options(
        dataset,
        split=dataset_split,
        ids=id_column,
        image=image,
        label=label,
        class_numbers=class_numbers,
        download=download,
    )
    if classes is None and found is None:
        raise typer.BadParameter("expected a file, or a dataset that names its classes", param_hint="--classes")
    report = init_workspace(
        folder,
        classes=classes,
        items=items,
        images=images,
        media=media,
        id_column=None if found else id_column,
        dataset=found,
        hierarchy=hierarchy,
        name=name,
        n_reviewers=reviewers,
        by=by,
    )
    warn(report.warnings)
    if json:
        print_json(report)
        return
    typer.echo(
        f"{report.folder}: {counted(report.n_classes, 'class', 'classes')}, {counted(report.n_items, 'item')}"
        f" ({report.n_labeled:,} with a label, {report.n_media:,} with a media file)"
    )
    typer.echo(f"labels: {report.labels or 'none; import some with `regrade labels import`'}")
    if report.n_skipped:
        what = "file that is no raster image" if report.n_skipped == 1 else "files that are no raster images"
        typer.echo(f"skipped: {report.n_skipped:,} {what}")
