"""`regrade shift`: how models' accuracy changes from one split to another."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.options import AsCsv, AsJson, Models, PolicyChoice, UnclearChoice, WorkspaceFolder
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.tables import NOTHING, counted, percent, percent_interval, print_notes, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.shifts import ModelShift, ProbitLine, Shift


def shift(
    ctx: typer.Context,
    from_split: Annotated[
        str, typer.Argument(metavar="FROM", help="The split that the models are known by.", show_default=False)
    ],
    to_split: Annotated[str, typer.Argument(metavar="TO", help="The other split.", show_default=False)],
    *,
    from_labels: Annotated[
        str | None,
        typer.Option(metavar="NAME[@N]", help="Label set version of FROM; without it, the newest of its labels."),
    ] = None,
    to_labels: Annotated[
        str | None,
        typer.Option(metavar="NAME[@N]", help="Label set version of TO; without it, the newest of its labels."),
    ] = None,
    policy: PolicyChoice = "multilabel",
    unclear: UnclearChoice = "accept",
    model: Models = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="MODEL", help="Leave this model out; may be repeated.")
    ] = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw it too, as .html, .svg or .png.", show_default=False)
    ] = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Compare models' accuracy on two splits.

    How far every model falls from one benchmark to another, with intervals, and the line that the models follow on
    probit scale: a model above it does better on the other split than its like.
    """
    from regrade.workflow.shift import compare_splits, save_shift_chart

    refuse_both(json=json, csv=csv)
    with open_chosen(ctx, workspace) as ws:
        found = compare_splits(
            ws,
            from_split,
            to_split,
            from_labels=from_labels,
            to_labels=to_labels,
            policy=policy,
            unclear=unclear,
            models=model,
            without=without or (),
        )
    if chart is not None:
        save_shift_chart(found, chart)
        say(f"chart: {chart}")
    if json:
        print_json(found)
    elif csv:
        _print_csv(found)
    else:
        _print_tables(found)


def _print_tables(found: Shift) -> None:
    figure = "class mean" if found.policy == "multilabel" else "item mean"
    typer.echo(
        f"{found.from_split} by {found.from_labels}, {found.to_split} by {found.to_labels} · policy {found.policy}"
    )
    line = ("above line>",) if found.line else ()
    print_table(
        (
            "rank>",
            "model",
            f"{found.from_split}>",
            "95 %>",
            f"{found.to_split}>",
            "95 %>",
            "change>",
            "95 %>",
            "rank>",
            *line,
        ),
        (_cells(row, with_line=bool(line)) for row in found.models),
    )
    typer.echo(f"{figure} in percent, change in points{_describe_mean(found)}")
    if found.line:
        _print_line(found, found.line)
    only = [f"on {split} only: {', '.join(names)}" for split, names in _lonely(found) if names]
    for text in only:
        say(f"left out, predictions {text}")
    print_notes([("", found.notes), *((row.model, row.notes) for row in found.models if row.notes)])


def _cells(row: ModelShift, *, with_line: bool) -> tuple[object, ...]:
    figures = (
        percent(row.from_accuracy),
        percent_interval(row.from_ci_low, row.from_ci_high),
        percent(row.to_accuracy),
        percent_interval(row.to_ci_low, row.to_ci_high),
        _points(row.change),
        NOTHING if row.change_ci_low is None else f"{_points(row.change_ci_low)} to {_points(row.change_ci_high)}",
    )
    return row.from_rank, row.model, *figures, row.to_rank, *((_points(row.above_line),) if with_line else ())


def _points(change: float | None) -> str:
    return NOTHING if change is None else f"{100 * change:+.2f}"


def _describe_mean(found: Shift) -> str:
    changes = [row.change for row in found.models if row.change is not None and row.kind == "model"]
    if found.mean_change is None:
        return ""
    return f"; mean {_points(found.mean_change)}, from {_points(min(changes))} to {_points(max(changes))}"


def _print_line(found: Shift, line: ProbitLine) -> None:
    typer.echo(
        f"\nprobit({found.to_split}) = {line.slope:.3f} probit({found.from_split}) {line.intercept:+.3f},"
        f" least squares over {counted(line.n_models, 'model')}, R² {line.r_squared:.4f}"
    )
    if line.slope_ci_low is not None and line.intercept_ci_low is not None:
        typer.echo(
            f"95 % over models drawn anew: slope {line.slope_ci_low:.3f} to {line.slope_ci_high:.3f},"
            f" intercept {line.intercept_ci_low:.3f} to {line.intercept_ci_high:.3f}"
        )


def _lonely(found: Shift) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (found.from_split, found.only_from), (found.to_split, found.only_to)


def _print_csv(found: Shift) -> None:
    from regrade.records.shifts import ModelShift

    columns = [field.name for field in fields(ModelShift)]
    rows = (asdict(row) | {"notes": "; ".join(row.notes)} for row in found.models)
    print_csv(columns, ([row[name] for name in columns] for row in rows))
