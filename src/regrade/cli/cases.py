"""`regrade cases`: the questions for the panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.options import AsJson, Author, CaseStatus, LabelsRef, Limit, Models, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import counted, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.panel import QuestionStatus

app = typer.Typer(name="cases", help="Cases: the questions for the panel.", no_args_is_help=True)

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
    workspace: WorkspaceFolder = None,
) -> None:
    """List the cases.

    Says what models predicted: not for a reviewer who has yet to answer.
    """
    from regrade.workflow.cases import list_cases

    with open_chosen(ctx, workspace) as ws:
        rows = list_cases(ws, split=split, status=_as_status(status), limit=limit)
    if json:
        print_json(rows)
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
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The CSV file to write.", show_default=False)],
    split: SplitName = "main",
    status: Status = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Write the cases as CSV, safe to open in a spreadsheet."""
    from regrade.workflow.cases import export_cases

    with open_chosen(ctx, workspace) as ws:
        n_cases = export_cases(ws, file, split=split, status=_as_status(status))
    typer.echo(f"{file}: {counted(n_cases, 'case')}")


def _as_status(status: CaseStatus | None) -> QuestionStatus | None:
    from regrade.records.panel import QuestionStatus

    return None if status is None else QuestionStatus(status)
