"""Which workspace a command works on, and opening it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from regrade.workflow.workspace import Workspace


def open_chosen(ctx: typer.Context, folder: Path | None) -> Workspace:
    """Open the workspace that `--workspace` or REGRADE_WORKSPACE names, else the nearest one upward.

    Args:
        ctx: The command's context; its object is what stood before the command, or in the variable.
        folder: What stood after the command.

    Raises:
        NotFoundError: There is no workspace.
        StoreError: Its database cannot be used.
    """
    from regrade.workflow.workspace import find_workspace, open_workspace

    chosen = folder or ctx.obj
    return open_workspace(chosen if chosen is not None else find_workspace(Path.cwd()))
