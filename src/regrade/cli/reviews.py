"""`regrade reviews`: what panels said, here and elsewhere, in and out; and how far they agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from regrade.cli.agreement import agreement
from regrade.cli.options import AsJson, PassName, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, say, warn
from regrade.cli.tables import counted
from regrade.cli.workspaces import open_chosen

app = typer.Typer(name="reviews", help="Reviews of the panel.", no_args_is_help=True)
app.command()(agreement)


@app.command("import")
def import_(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The reviews or judgements.", show_default=False)],
    *,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT",
            help="csv, jsonl, parquet, label-studio, label-studio-min, imagenet-mistakes; without it, told by content.",
        ),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Who reviewed, where the file does not say; for imagenet-mistakes, who judged (a panel, a paper).",
        ),
    ] = None,
    reviewers: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV of what the file calls people (user; an id or email) and their name here."
        ),
    ] = None,
    split: SplitName = "main",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Import what a panel elsewhere said.

    Reviews come in at their own times and under their own names, with the adjudicators' votes and decisions if the
    file has them, and are settled together with what was answered here. Cases and people that are missing are made.
    The same file again changes nothing; what the panel here has decided stays.
    """
    from regrade.workflow.import_reviews import holds_judgements, import_reviews
    from regrade.workflow.judgements import import_judgements

    with open_chosen(ctx, workspace) as ws:
        if holds_judgements(file, format):
            judged = import_judgements(ws, file, by=by or "", split=split)
            warn(judged.warnings)
            line = (
                f"{counted(judged.n_judgements, 'judgement')} by {by}: {judged.n_new:,} new;"
                f" {counted(judged.n_cases, 'case')} made for them"
            )
            print_json(judged) if json else typer.echo(line)
            return
        report = import_reviews(ws, file, format=format, by=by, reviewers=reviewers, split=split)
    warn(report.warnings)
    if json:
        print_json(report)
        return
    typer.echo(
        f"{counted(report.n_reviews, 'review')}: {report.n_new_reviews:,} new, {report.n_undone:,} undone since;"
        f" {counted(report.n_cases, 'case')} made for them"
    )
    for n_all, n_new, what in (
        (report.n_proposals, report.n_new_proposals, "proposal"),
        (report.n_votes, report.n_new_votes, "vote"),
        (report.n_decisions, report.n_new_decisions, "decision"),
    ):
        if n_all:
            kept = f", {report.n_kept:,} not taken over" if what == "decision" else ""
            typer.echo(f"{counted(n_all, what)}: {n_new:,} new{kept}")
    if report.new_people:
        typer.echo(f"people made for them: {', '.join(report.new_people)}")


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)],
    *,
    format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT", help="csv, jsonl, parquet or label-studio; without it, told by the file's name."
        ),
    ] = None,
    pass_: Annotated[
        PassName | None,
        typer.Option("--pass", help="Only this pass; without it both, for Label Studio the first."),
    ] = None,
    reviewer: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only the reviews of this person, and no decisions; may be repeated."),
    ] = None,
    only_reviews: Annotated[
        bool, typer.Option("--only-reviews", help="Leave out adjudicators' votes and what was decided.")
    ] = False,
    split: SplitName = "main",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Write all reviews, proposals, votes and decisions.

    They stand in the order in which they were made. `reviews import` gives the same in another workspace with the
    same classes, items and labels. Says who answered what: not for a reviewer who has yet to answer; `cases export`
    asks people elsewhere. For Label Studio (.json) the reviews of one pass are annotations of tasks, with the labeling
    configuration beside them (.xml); undone answers, gold, votes and decisions have no place there.
    """
    from regrade.records.panel import Pass
    from regrade.workflow.export_reviews import export_reviews

    with open_chosen(ctx, workspace) as ws:
        report = export_reviews(
            ws,
            file,
            format=format,
            reviewers=reviewer,
            only_reviews=only_reviews,
            pass_=None if pass_ is None else Pass(pass_),
            split=split,
        )
    if json:
        print_json(report)
        return
    typer.echo(
        f"{file}: {counted(report.n_reviews, 'review')}, {counted(report.n_proposals, 'proposal')},"
        f" {counted(report.n_votes, 'vote')}, {counted(report.n_decisions, 'decision')} as {report.format}"
    )
    if report.n_left_out:
        say(f"left out: {counted(report.n_left_out, 'review')} that {report.format} has no place for")
