"""`regrade labels`: versions of the answer key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.class_texts import THE_ITEM
from regrade.cli.datasets import ClassNumbers, DatasetSplit, LabelColumn, read_dataset_options
from regrade.cli.derive import combine, equivalences
from regrade.cli.diff import diff
from regrade.cli.export import export
from regrade.cli.fetch import fetch
from regrade.cli.imported_labels import print_imported
from regrade.cli.options import AsJson, Author, IdColumn, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say, warn
from regrade.cli.publish import publish
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.provenance import ReopenedDecision
    from regrade.workflow.labels import LabelSetRow

app = typer.Typer(name="labels", help="Label sets: versions of the answer key.", no_args_is_help=True)
for command in (diff, publish, combine, equivalences, export, fetch):
    app.command()(command)

LabelsName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the label set.", show_default=False)]


@app.command("import")
def import_(
    ctx: typer.Context,
    name: LabelsName,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The label file, or a dataset's folder.", show_default=False)
    ],
    *,
    split: SplitName = "main",
    format: Annotated[
        str | None, typer.Option(metavar="FORMAT", help="Format of the file; without it, told by the content.")
    ] = None,
    id_column: IdColumn = None,
    dataset_split: DatasetSplit = None,
    label: LabelColumn = None,
    class_numbers: ClassNumbers = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Import a label file as NAME@1.

    The first name imported becomes the default label set, unless there are reviews or a published version by then. The
    same content again changes nothing.
    """
    from regrade.workflow.labels import import_labels

    is_dataset = format == "huggingface" or (format is None and file.is_dir())
    found = read_dataset_options(
        str(file) if is_dataset else None,
        name="a dataset",
        split=dataset_split,
        ids=id_column,
        label=label,
        class_numbers=class_numbers,
    )
    if id_column and not found:
        raise typer.BadParameter("expected a dataset beside it", param_hint="--id")
    with open_chosen(ctx, workspace) as ws:
        report = import_labels(ws, name, found or file, split=split, format=None if found else format, by=by)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    print_imported(report)


@app.command("list")
def list_(ctx: typer.Context, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """List all versions of all label sets."""
    from regrade.workflow.labels import list_labels

    with open_chosen(ctx, workspace) as ws:
        rows = list_labels(ws)
    if json:
        print_json([_flat(row) for row in rows])
        return
    print_table(
        (
            *("labels", "split", "items>", "problematic>", "correct>", "unclear>", "wrong>", "made", "by", "reopened>"),
            "default",
        ),
        (
            (
                row.version.ref,
                row.version.split,
                row.n_items,
                row.n_problematic,
                row.n_correct,
                row.n_unclear,
                row.n_wrong,
                f"{row.version.created_at:%Y-%m-%d}",
                row.version.author,
                len(row.reopened) or None,
                "default" if row.is_default else "",
            )
            for row in rows
        ),
    )
    if not rows:
        say("No label set yet: import one with `regrade labels import NAME FILE`.")


@app.command()
def use(ctx: typer.Context, name: LabelsName, *, by: Author = "local", workspace: WorkspaceFolder = None) -> None:
    """Make NAME the default label set.

    Its newest version is used wherever none is named.
    """
    from regrade.workflow.labels import use_labels

    with open_chosen(ctx, workspace) as ws:
        version = use_labels(ws, name, by=by)
    typer.echo(f"default label set: {name} (now {version.ref})")


@app.command()
def show(
    ctx: typer.Context,
    labels: Annotated[
        str | None, typer.Argument(metavar="NAME[@N]", help="The version; without it, the default one.")
    ] = None,
    *,
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Show what one version holds and where it comes from."""
    from regrade.workflow.labels import show_labels

    with open_chosen(ctx, workspace) as ws:
        row = show_labels(ws, labels)
    if json:
        print_json(_flat(row))
        return
    version = row.version
    lines = {
        "labels": version.ref + (" (default)" if row.is_default else ""),
        "split": version.split,
        "items": f"{row.n_items:,} ({row.n_problematic:,} problematic)",
        "verdicts": f"{row.n_correct:,} correct, {row.n_unclear:,} unclear, {row.n_wrong:,} wrong",
        "made": f"{version.created_at:%Y-%m-%d %H:%M} UTC by {version.author}: {version.reason}",
        "made from": version.parent or "-",
        "content": f"sha256 {version.digest}",
    }
    if row.protocols:
        lines["protocol"] = f"reviewed under {', '.join(map(str, row.protocols))}"
    for name, text in lines.items():
        typer.echo(f"{name + ':':<11}{text}")
    _print_reopened(row.reopened)
    warn(version.warnings)


def _print_reopened(rows: Sequence[ReopenedDecision]) -> None:
    """The decisions that a version rests on and that were taken back since."""
    if not rows:
        return
    typer.echo(f"reopened:  {counted(len(rows), 'decision')} that it rests on, since they were published")
    print_table(
        ("item", "class", "was decided", "in", "reopened by", "why", "decided now"),
        (
            (
                row.item_id,
                row.class_name or THE_ITEM,
                row.said,
                row.published_in,
                row.author,
                row.reason,
                row.since,
            )
            for row in rows
        ),
    )


def _flat(row: LabelSetRow) -> dict[str, object]:
    members = asdict(row)
    return {"labels": row.version.ref, **members.pop("version"), **members}
