"""`regrade labels publish`: the panel's decisions become the next version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.class_texts import class_text
from regrade.cli.options import AsJson, Author, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say
from regrade.cli.tables import counted, percent, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.workflow.publish import PublicationPreview, PublishReport


def publish(
    ctx: typer.Context,
    *,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="What changed and why, in a few words; kept with the version.")
    ] = "",
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="The label set; without it, the one that the panel works on.")
    ] = None,
    split: SplitName = "main",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Publish the panel's decisions as the next version.

    Every model is graded under both. Undecided cases move on to the new version. Decisions that conflict, or would
    leave an item without an accepted class, are kept back.
    """
    from regrade.workflow.publish import preview_publication, publish_labels

    with open_chosen(ctx, workspace) as ws:
        if dry_run:
            preview = preview_publication(ws, name=name, split=split)
            print_json(preview) if json else _print_preview(preview)
        else:
            report = publish_labels(ws, by=by, reason=reason, name=name, split=split)
            print_json(report) if json else _print_report(report)


def _print_preview(preview: PublicationPreview) -> None:
    typer.echo(
        f"{preview.head.ref} to {preview.next_ref}: {counted(len(preview.changes), 'change')} by"
        f" {counted(preview.n_decisions, 'decision')} ({preview.n_confirmed:,} of them confirm the labels as they are)"
    )
    if preview.why_not:
        typer.echo(f"cannot be published: {preview.why_not}")
    if preview.changes:
        print_table(
            ("item", "class", "before", "after", "by"),
            (
                (row.item_id, class_text(row.class_id, row.class_name), row.before, row.after, row.by)
                for row in preview.changes
            ),
        )
    for change in preview.conflicts:
        about = class_text(change.class_id, change.class_name)
        typer.echo(f"conflict: {change.item_id}, {about}: now {change.before}, decided {change.after}")
    for item in preview.held_back:
        typer.echo(f"held back: {item.item_id} would keep no accepted class")
    typer.echo(f"undecided: {preview.n_open_cases:,} open, {preview.n_disputed_cases:,} disputed")


def _print_report(report: PublishReport) -> None:
    typer.echo(
        f"published {report.version.ref}: {counted(report.n_changes, 'change')} by"
        f" {counted(report.n_decisions, 'decision')}"
    )
    if report.n_conflicts or report.n_held_back:
        typer.echo(
            f"kept back for an adjudicator: {counted(report.n_conflicts, 'conflict')},"
            f" {counted(report.n_held_back, 'item')} that would keep no accepted class"
        )
    typer.echo(f"undecided: {counted(report.n_open_cases, 'case')}")
    if not report.before:
        say("No predictions to grade yet: import some with `regrade predictions import`.")
        return
    after = {row.model: row for row in report.after}
    print_table(
        ("model", "MLA before>", "after>", "mistakes before>", "after>", "unreviewed>"),
        (
            (
                row.model,
                percent(row.multilabel_accuracy),
                percent(after[row.model].multilabel_accuracy),
                row.n_mistakes,
                after[row.model].n_mistakes,
                after[row.model].n_unreviewed,
            )
            for row in report.before
        ),
    )
