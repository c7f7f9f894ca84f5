"""`regrade labels fetch`: published label sets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from regrade.cli.imported_labels import print_imported
from regrade.cli.options import AsJson, Author, SplitName, WorkspaceFolder
from regrade.cli.output import print_json, warn
from regrade.cli.progress import show_progress
from regrade.cli.workspaces import open_chosen

Published = Literal["imagenet-multilabel", "imagenet-real"]  # held equal to the known ones by a test

_STEP = 10_000_000
"""Bytes between two signs of life."""


def fetch(
    ctx: typer.Context,
    published: Annotated[
        Published, typer.Argument(metavar="WHAT", help="imagenet-multilabel or imagenet-real.", show_default=False)
    ],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the label set.", show_default=False)],
    *,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="A copy at hand; nothing is downloaded then.")
    ] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Another address of the same file.")] = None,
    sha256: Annotated[
        str | None,
        typer.Option(metavar="HEX", help="The SHA-256 that the file must have, in place of the published file's."),
    ] = None,
    split: SplitName = "main",
    by: Author = "local",
    json: AsJson = False,
    workspace: WorkspaceFolder = None,
) -> None:
    """Download published labels and import them as NAME@1.

    The multi-labels of ImageNet (200 MB) or its ReaL labels (0.4 MB), from their makers' addresses. The file must be
    the one that was published, by its SHA-256; where the server refuses it, give a copy with --from.
    """
    from regrade.workflow.fetch import fetch_labels
    from regrade.workflow.published import PUBLISHED

    n_bytes = PUBLISHED[published].n_bytes
    with open_chosen(ctx, workspace) as ws, show_progress(f"fetching {published}") as show:
        report = fetch_labels(
            ws,
            published,
            name,
            file=file,
            url=url,
            sha256=sha256,
            split=split,
            by=by,
            progress=_in_steps(show, n_bytes),
        )
    warn(report.labels.warnings)
    if json:
        print_json(report)
        return
    print_imported(report.labels)
    typer.echo(f"from {report.source}: {report.n_bytes:,} bytes, SHA-256 {report.sha256}")


def _in_steps(show: Callable[[str, int, int], None], n_bytes: int) -> Callable[[int], None]:
    """Says how far it is once a step."""
    n_steps = -(-n_bytes // _STEP)
    shown = -1

    def progress(n_done: int) -> None:
        nonlocal shown
        step = min(n_done // _STEP, n_steps - 1)
        if step > shown:
            shown = step
            show(f"{n_done / 1e6:,.1f} of {n_bytes / 1e6:,.1f} MB", step, n_steps)

    return progress
