"""`regrade calibration`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from regrade.cli.options import (
    AsJson,
    Equivalences,
    LabelsRef,
    Models,
    PolicyChoice,
    SplitName,
    UnclearChoice,
    WorkspaceFolder,
)
from regrade.cli.output import print_json, say
from regrade.cli.tables import percent, print_notes, print_table
from regrade.cli.workspaces import open_chosen

if TYPE_CHECKING:
    from regrade.records.metrics import Calibration


def calibration(
    ctx: typer.Context,
    *,
    labels: LabelsRef = None,
    policy: PolicyChoice = "multilabel",
    unclear: UnclearChoice = "accept",
    model: Models = None,
    split: SplitName = "main",
    equivalences: Equivalences = None,
    bins: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Bins of about the same number of items.")
    ] = 15,
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Hold models' confidence against what is right.

    Confidence is the score of the top-1 class. Its calibration error, how well it tells wrong from right, and its mean
    on right, wrong, unreviewed and problematic items; with --json also the reliability and risk-coverage curves.
    """
    from regrade.workflow.breakdowns import calibrate_models
    from regrade.workflow.grade import choose_key

    with open_chosen(ctx, workspace) as ws:
        key = choose_key(ws, labels=labels, policy=policy, unclear=unclear, split=split, equivalences=equivalences)
        rows = calibrate_models(ws, key, model, n_bins=bins)
    print_json(rows) if json else _print(rows)


def _print(rows: Sequence[Calibration]) -> None:
    if not rows:
        say("No predictions to look at yet: import some with `regrade predictions import`.")
        return
    typer.echo(f"labels {rows[0].labels} · policy {rows[0].policy}")
    print_table(
        (
            *("model", "items>", "accuracy>", "confidence>", "ECE>", "AUROC>", "AURC>"),
            *("on right>", "on wrong>", "on unreviewed>", "on problematic>"),
        ),
        (
            (
                row.model,
                row.n_right + row.n_wrong,
                *(percent(share) for share in (row.accuracy, row.mean_confidence, row.calibration_error)),
                *(percent(share) for share in (row.wrong_auroc, row.risk_coverage_area)),
                *(percent(share) for share in (row.mean_confidence_right, row.mean_confidence_wrong)),
                *(percent(share) for share in (row.mean_confidence_unreviewed, row.mean_confidence_problematic)),
            )
            for row in rows
        ),
    )
    typer.echo("in percent; AUROC: of low confidence for being wrong; AURC: area under risk-coverage")
    print_notes([(row.model, row.notes) for row in rows])
