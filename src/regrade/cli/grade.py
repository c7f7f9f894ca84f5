"""`regrade grade`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.moved import print_moved
from regrade.cli.options import (
    AsCsv,
    AsJson,
    LabelsRef,
    Models,
    PolicyName,
    SplitName,
    UnclearName,
    WorkspaceFolder,
)
from regrade.cli.output import print_csv, print_json, say
from regrade.cli.tables import percent, percent_interval, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.grades import Grade


def grade(
    ctx: typer.Context,
    *,
    labels: LabelsRef = None,
    policy: Annotated[PolicyName, typer.Option(envvar="REGRADE_POLICY", help="How to grade.")] = "multilabel",
    unclear: Annotated[
        UnclearName, typer.Option(envvar="REGRADE_UNCLEAR", help="What a class marked unclear counts as.")
    ] = "accept",
    model: Models = None,
    split: SplitName = "main",
    equivalences: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV of label, accepts: where the one is accepted, so is the other."),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="NAME[@N]", help="Another version to grade by too: tells what moved from it."),
    ] = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Grade models against a version of the labels.

    Accuracies with 95 % intervals, and the mistakes by what is known of them: judged wrong, unclear (where it is not
    accepted), or unreviewed. With --against, every model's rank and figures under both versions, and the items that
    moved the most models.
    """
    if json and csv:
        raise typer.BadParameter("choose one of --json and --csv")
    if against is not None:
        from regrade.workflow.moved import grade_against

        with open_chosen(ctx, workspace) as ws:
            report = grade_against(
                ws,
                labels=labels,
                against=against,
                policy=policy,
                unclear=unclear,
                models=model,
                split=split,
                equivalences=equivalences,
            )
        print_moved(report, unclear=unclear, json=json, csv=csv)
        return
    from regrade.workflow.grade import grade_models

    with open_chosen(ctx, workspace) as ws:
        grades = grade_models(
            ws,
            labels=labels,
            policy=policy,
            unclear=unclear,
            models=model,
            split=split,
            equivalences=equivalences,
        )
    if json:
        print_json(grades)
    elif csv:
        _print_csv(grades)
    else:
        print_grades(grades, unclear=unclear)


def print_grades(grades: Sequence[Grade], *, unclear: UnclearName = "accept") -> None:
    """Grades as a table, with what they are made by above it and their notes below it.

    Args:
        grades: Grades by one label set version and one policy; none: a line of words instead.
        unclear: Whether a class marked unclear was accepted.
    """
    if not grades:
        say("No predictions to grade yet: import some with `regrade predictions import`.")
        return
    first = grades[0]
    by_class = first.policy == "multilabel"
    judged = f" · unclear: {unclear}" if first.policy != "single" else ""
    typer.echo(f"labels {first.labels} · policy {first.policy}{judged}")
    headline = ("MLA>", "95 %>", "items>") if by_class else ("items>", "95 %>")
    print_table(
        ("model", *headline, "top-1>", "top-5>", "graded>", "mistakes>", "judged wrong>", "unclear>", "unreviewed>"),
        ((row.model, *_headline(row), *_details(row)) for row in grades),
    )
    typer.echo("in percent; MLA: mean over classes, items: mean over items" if by_class else "in percent")
    for note in _notes(grades):
        say(f"note: {note}")


def _headline(row: Grade) -> tuple[str, ...]:
    interval = percent_interval(row.ci_low, row.ci_high)
    if row.policy == "multilabel":
        return percent(row.multilabel_accuracy), interval, percent(row.item_accuracy)
    return percent(row.item_accuracy), interval


def _details(row: Grade) -> tuple[object, ...]:
    judged = (row.n_judged_wrong, row.n_unclear_rejected, row.n_unreviewed)
    return percent(row.top1_accuracy), percent(row.top5_accuracy), row.n_graded, row.n_mistakes, *judged


def _notes(grades: Sequence[Grade]) -> list[str]:
    """Each note once, with the models that it is about where it is not about all."""
    models: dict[str, list[str]] = {}
    for row in grades:
        for note in row.notes:
            models.setdefault(note, []).append(row.model)
    return [note if len(names) == len(grades) else f"{', '.join(names)}: {note}" for note, names in models.items()]


def _print_csv(grades: Sequence[Grade]) -> None:
    from regrade.records.grades import Grade

    columns = [field.name for field in fields(Grade)]
    print_csv(columns, ([_as_text(getattr(row, column)) for column in columns] for row in grades))


def _as_text(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value
