"""`regrade grade`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from regrade.cli.breakdowns import print_classes, print_groups
from regrade.cli.moved import print_moved
from regrade.cli.options import (
    AsCsv,
    AsJson,
    Equivalences,
    GroupByName,
    LabelsRef,
    Models,
    PolicyChoice,
    SplitName,
    UnclearChoice,
    UnclearName,
    WorkspaceFolder,
)
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.tables import percent, percent_interval, print_notes, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.grades import Grade, RankGrade


def grade(
    ctx: typer.Context,
    *,
    labels: LabelsRef = None,
    policy: PolicyChoice = "multilabel",
    unclear: UnclearChoice = "accept",
    model: Models = None,
    split: SplitName = "main",
    equivalences: Equivalences = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="NAME[@N]", help="Another version to grade by too: tells what moved from it."),
    ] = None,
    by: Annotated[
        Literal["class", "group"] | None, typer.Option(help="Grade each original class, or each group of classes.")
    ] = None,
    group_by: Annotated[
        GroupByName,
        typer.Option(help="An item counts for the group of its original label, or of each accepted class."),
    ] = "original",
    top_k: Annotated[
        int | None, typer.Option(min=1, metavar="K", help="Say too how often the label is among the first K ranks.")
    ] = None,
    variable_top_k: Annotated[
        bool,
        typer.Option("--variable-top-k", help="Top-k too, with k = the number of an item's accepted classes."),
    ] = False,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Grade models against a version of the labels.

    Accuracies with 95 % intervals, and the mistakes by what is known of them: judged wrong, unclear (where it is not
    accepted), or unreviewed. With --against, every model's rank and figures under both versions, and the items that
    moved the most models.
    """
    refuse_both(json=json, csv=csv)
    wants_ranks = top_k is not None or variable_top_k
    if (against is not None) + (by is not None) + wants_ranks > 1:
        raise typer.BadParameter("choose one of --against, --by, and --top-k with --variable-top-k")
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
    from regrade.workflow import breakdowns
    from regrade.workflow.grade import choose_key, grade_by_key

    with open_chosen(ctx, workspace) as ws:
        key = choose_key(ws, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
        if by == "class":
            print_classes(breakdowns.grade_classes(ws, key, model), json=json, csv=csv)
        elif by == "group":
            print_groups(breakdowns.grade_groups(ws, key, model, group_by=group_by), json=json, csv=csv)
        elif wants_ranks:
            ranks = breakdowns.grade_ranks(ws, key, model, top_k=top_k, variable=variable_top_k)
            _print(grade_by_key(ws, key, model), ranks, unclear=unclear, json=json, csv=csv)
        else:
            _print(grade_by_key(ws, key, model), (), unclear=unclear, json=json, csv=csv)


def _print(grades: Sequence[Grade], ranks: Sequence[RankGrade], *, unclear: UnclearName, json: bool, csv: bool) -> None:
    if json:
        print_json([_join(*rows) for rows in zip(grades, ranks, strict=True)] if ranks else grades)
    elif csv:
        _print_csv(grades, ranks)
    else:
        print_grades(grades, ranks, unclear=unclear)


def _join(row: Grade, ranks: RankGrade) -> dict[str, object]:
    """A grade with what its ranks say; the notes of both are one list."""
    return asdict(row) | asdict(ranks) | {"notes": (*row.notes, *ranks.notes)}


def print_grades(grades: Sequence[Grade], ranks: Sequence[RankGrade] = (), *, unclear: UnclearName = "accept") -> None:
    """Grades as a table, with what they are made by above it and their notes below it.

    Args:
        grades: Grades by one label set version and one policy; none: a line of words instead.
        ranks: What the same models' ranks say; none: it was not asked for.
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
    more = tuple(_rank_columns(ranks[0])) if ranks else ()
    cells = [tuple(_rank_columns(row).values()) for row in ranks] if ranks else [()] * len(grades)
    print_table(
        (
            *("model", *headline, "top-1>", "top-5>", *more),
            *("graded>", "mistakes>", "judged wrong>", "unclear>", "unreviewed>"),
        ),
        (
            (row.model, *_headline(row), percent(row.top1_accuracy), percent(row.top5_accuracy), *some, *_counts(row))
            for row, some in zip(grades, cells, strict=True)
        ),
    )
    typer.echo("in percent; MLA: mean over classes, items: mean over items" if by_class else "in percent")
    print_notes([*((row.model, row.notes) for row in grades), *((row.model, row.notes) for row in ranks)])


def _headline(row: Grade) -> tuple[str, ...]:
    interval = percent_interval(row.ci_low, row.ci_high)
    if row.policy == "multilabel":
        return percent(row.multilabel_accuracy), interval, percent(row.item_accuracy)
    return percent(row.item_accuracy), interval


def _counts(row: Grade) -> tuple[int, ...]:
    return row.n_graded, row.n_mistakes, row.n_judged_wrong, row.n_unclear_rejected, row.n_unreviewed


def _rank_columns(row: RankGrade) -> dict[str, str]:
    """Heading and figure of what was asked for."""
    columns = {} if row.top_k is None else {f"top-{row.top_k}>": percent(row.top_k_accuracy)}
    if row.variable_top_k:
        columns["variable top-k>"] = percent(row.variable_top_k_accuracy)
    return columns


def _print_csv(grades: Sequence[Grade], ranks: Sequence[RankGrade]) -> None:
    from regrade.records.grades import Grade, RankGrade

    rows = [_join(*both) for both in zip(grades, ranks, strict=True)] if ranks else [asdict(row) for row in grades]
    names = {field.name: None for kind in ((Grade, RankGrade) if ranks else (Grade,)) for field in fields(kind)}
    print_csv(list(names), ([_as_text(row[name]) for name in names] for row in rows))


def _as_text(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value
