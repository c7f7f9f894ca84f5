"""`regrade serve`."""

from __future__ import annotations

import typer

from regrade.cli.options import Host, Port, WorkspaceFolder


def serve(ctx: typer.Context, host: Host = "127.0.0.1", port: Port = 8000, workspace: WorkspaceFolder = None) -> None:
    """Serve the review pages.

    To this machine alone, unless there are users who log in.
    """
