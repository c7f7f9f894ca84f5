"""`regrade doctor`."""

from __future__ import annotations

import typer

from regrade.cli.options import AsJson, WorkspaceFolder


def doctor(ctx: typer.Context, json: AsJson = False, workspace: WorkspaceFolder = None) -> None:
    """Draft."""
