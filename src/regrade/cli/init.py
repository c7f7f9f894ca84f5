"""`regrade init`."""

from __future__ import annotations

from collections.abc import Sequence
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

_N_SHOWN = 10
"""More classes than this are not all printed."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where; made if need be.", show_default=False)],
    *,
    classes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV of classes: class_id, key or wnid, name, optionally definition or gloss, group; without it,"
            " those that the dataset names, or the class folders of --images.",
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
    if classes is None and found is None and images is None:
        raise _no_classes()
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
    if report.class_folders:
        typer.echo(f"classes: the folders' names in sorted order: {_list_classes(report.class_folders)}")
    typer.echo(f"labels: {report.labels or 'none; import some with `regrade labels import`'}")
    if report.n_skipped:
        what = "file that is no raster image" if report.n_skipped == 1 else "files that are no raster images"
        typer.echo(f"skipped: {report.n_skipped:,} {what}")


def _no_classes() -> typer.BadParameter:
    from regrade.formats import CLASS_FILE_COLUMNS

    return typer.BadParameter(
        f"expected a CSV with the columns {CLASS_FILE_COLUMNS}; or --images with one folder per class, or a dataset"
        " that names its classes",
        param_hint="--classes",
    )


def _list_classes(names: Sequence[str]) -> str:
    """The first few classes with their ids, and how many more there are."""
    shown = ", ".join(f"{class_id} {name}" for class_id, name in enumerate(names[:_N_SHOWN]))
    return shown if len(names) <= _N_SHOWN else f"{shown} and {len(names) - _N_SHOWN:,} more"
