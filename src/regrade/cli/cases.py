"""`regrade cases`: the questions for the panel."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.options import (
    AsCsv,
    AsJson,
    Author,
    CaseStatus,
    LabelsRef,
    Limit,
    Models,
    PassName,
    SplitName,
    WorkspaceFolder,
)
from regrade.cli.output import print_csv, print_json, say, warn
from regrade.cli.progress import show_images
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.panel import QuestionStatus

app = typer.Typer(name="cases", help="Cases: the questions for the panel.", no_args_is_help=True)

PassChoice = Annotated[
    PassName, typer.Option("--pass", help="The first pass asks for verdicts, the second what kind of mistake.")
]
Status = Annotated[CaseStatus | None, typer.Option("--status", help="Only cases that stand like this.")]


@app.command()
def make(
    ctx: typer.Context,
    *,
    model: Models = None,
    labels: LabelsRef = None,
    split: SplitName = "main",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say the numbers.")] = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Open cases for the mistakes that nobody has judged.

    One case is one item and one predicted class, shared by all models that predicted it there.
    """
    from regrade.workflow.cases import make_cases

    with open_chosen(ctx, workspace) as ws:
        report = make_cases(ws, models=model, labels=labels, split=split, dry_run=dry_run, by=by)
    if json:
        print_json(report)
        return
    typer.echo(f"mistakes of {counted(len(report.models), 'model')} under {report.labels}")
    verb = "would be opened" if dry_run else "opened"
    typer.echo(
        f"{verb}: {counted(report.n_new_cases, 'case')}, {counted(report.n_new_items, 'item')} that had none before"
    )
    typer.echo(f"undecided now: {counted(report.n_cases, 'case')} on {counted(report.n_items, 'item')}")


@app.command("list")
def list_(
    ctx: typer.Context,
    *,
    split: SplitName = "main",
    status: Status = None,
    limit: Limit = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """List the cases.

    Says what models predicted: not for a reviewer who has yet to answer. `cases export` asks a panel elsewhere.
    """
    from regrade.workflow.cases import CASE_COLUMNS, case_cells, list_cases

    with open_chosen(ctx, workspace) as ws:
        rows = list_cases(ws, split=split, status=_as_status(status), limit=limit)
    if json:
        print_json(rows)
        return
    if csv:
        print_csv(CASE_COLUMNS, (case_cells(row) for row in rows))
        return
    print_table(
        ("item", "class", "status", "models>", "verdict", "category", "severity"),
        (
            (
                row.item_id,
                f"{row.class_id} {row.class_name}",
                row.status,
                row.n_models,
                row.verdict,
                row.category,
                row.severity,
            )
            for row in rows
        ),
    )
    if not rows:
        say("No such cases: make some with `regrade cases make`.")


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    *,
    format: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help="csv, jsonl or label-studio; without it, told by the file's name."),
    ] = None,
    pass_: PassChoice = "verdict",  # noqa: S107 - no password
    media: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Copy the images to this folder, under names that tell nothing."),
    ] = None,
    media_url: Annotated[
        str | None,
        typer.Option(metavar="PREFIX", help="What comes before the path of each image, or before its name in --media."),
    ] = None,
    split: SplitName = "main",
    workspace: WorkspaceFolder = None,
) -> None:
    """Write the open cases for a panel that works elsewhere.

    Blind in the first pass: each item's classes stand in random order, the accepted ones among them, and nothing says
    which is which. csv and jsonl are tables to fill; label-studio writes tasks, and the labeling configuration beside
    them (.xml). `reviews import` reads what comes back.
    """
    from regrade.records.panel import Pass
    from regrade.workflow.media_places import MediaPlace
    from regrade.workflow.questionnaires import export_questionnaire

    bar = nullcontext() if media is None else show_images("copying images")
    with open_chosen(ctx, workspace) as ws, bar as progress:
        report = export_questionnaire(
            ws,
            file,
            format=format,
            pass_=Pass(pass_),
            media=MediaPlace(copy_to=media, prefix=media_url),
            split=split,
            progress=progress,
        )
    warn(report.warnings)
    sheets = counted(report.n_sheets, "task" if report.format == "label-studio" else "screen")
    typer.echo(f"{file}: {sheets} as {report.format}, {counted(report.n_classes, 'class', 'classes')} in all")
    for companion in report.files[1:]:
        typer.echo(f"{companion}: the labeling configuration")
    if media is not None:
        typer.echo(f"{media}: {counted(report.n_images, 'image')}")


def _as_status(status: CaseStatus | None) -> QuestionStatus | None:
    from regrade.records.panel import QuestionStatus

    return None if status is None else QuestionStatus(status)
