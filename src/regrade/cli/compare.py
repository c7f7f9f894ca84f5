"""`regrade compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.comparison_tables import print_comparison, print_comparisons
from regrade.cli.options import (
    AsCsv,
    AsJson,
    LabelsRef,
    PolicyName,
    SplitName,
    UnclearName,
    WorkspaceFolder,
)
from regrade.cli.output import print_csv, print_json, refuse_both, say
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.comparisons import Comparison, Comparisons


def compare(
    ctx: typer.Context,
    models: Annotated[
        list[str] | None,
        typer.Argument(metavar="MODEL", help="Two models, or more for each with each.", show_default=False),
    ] = None,
    *,
    all_models: Annotated[bool, typer.Option("--all", help="Each with each of all models of the split.")] = False,
    labels: LabelsRef = None,
    policy: Annotated[PolicyName, typer.Option(envvar="REGRADE_POLICY", help="How to grade.")] = "multilabel",
    unclear: Annotated[
        UnclearName, typer.Option(envvar="REGRADE_UNCLEAR", help="What a class marked unclear counts as.")
    ] = "accept",
    near_copies: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            metavar="SHARE",
            help="From this share of shared mistakes on, two models are near-copies; without it, by policy: 0.43"
            " multilabel, 0.52 real, 0.53 single.",
        ),
    ] = None,
    split: SplitName = "main",
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="Print at most N pairs or items of a list.")] = 10,
    chart: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw how alike three models or more err, as .html, .svg or .png.",
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
    csv: AsCsv = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Compare models on the items that they share.

    Two models: paired counts, an exact McNemar test, the difference with its interval, what reviews could still
    change, and the items that only one gets wrong. More: each with each, clusters of near-copies, ensembles.
    """
    names = models or []
    refuse_both(json=json, csv=csv)
    if all_models and names:
        raise typer.BadParameter("name models, or use --all, not both")
    if not all_models and len(set(names)) < 2:
        raise typer.BadParameter("name two or more different models, or use --all")
    if chart is not None and len(names) == 2:
        raise typer.BadParameter("a chart needs three models or more, or --all")
    from regrade.workflow import compare as workflow

    with open_chosen(ctx, workspace) as ws:
        if len(names) == 2:
            pair = workflow.compare_pair(
                ws, *names, labels=labels, policy=policy, unclear=unclear, split=split, near_copies=near_copies
            )
            _print_pair(pair, json=json, csv=csv, limit=limit, unclear=unclear)
        else:
            chosen = None if all_models else names
            found = workflow.compare_models(
                ws, chosen, labels=labels, policy=policy, unclear=unclear, split=split, near_copies=near_copies
            )
            if chart is not None:
                workflow.save_kappa_chart(found, chart)
                say(f"chart: {chart}")
            _print_all(found, json=json, csv=csv, limit=limit, unclear=unclear)


def _print_pair(pair: Comparison, *, json: bool, csv: bool, limit: int, unclear: UnclearName) -> None:
    if json:
        print_json(pair)
    elif csv:
        _print_csv([pair])
    else:
        print_comparison(pair, limit=limit, unclear=unclear)


def _print_all(found: Comparisons, *, json: bool, csv: bool, limit: int, unclear: UnclearName) -> None:
    if json:
        print_json(found)
    elif csv:
        _print_csv(found.pairs)
    else:
        print_comparisons(found, limit=limit, unclear=unclear)


def _print_csv(pairs: Sequence[Comparison]) -> None:
    from regrade.records.comparisons import Comparison

    columns = [field.name for field in fields(Comparison)]
    print_csv(columns, ([_as_text(getattr(pair, column)) for column in columns] for pair in pairs))


def _as_text(value: object) -> object:
    return "; ".join(value) if isinstance(value, tuple) else value
