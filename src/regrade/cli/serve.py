"""`regrade serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from regrade.cli.options import DEFAULT_PORT, Host, Port, WorkspaceFolder
from regrade.cli.workspaces import open_chosen


def serve(
    ctx: typer.Context,
    *,
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A host name that people use to reach it; may be repeated."),
    ] = None,
    workspace: WorkspaceFolder = None,
) -> None:
    """Serve the review pages.

    To this machine alone, by a link that works once, unless there are users who log in.
    """
    from regrade.web.serve import serve as serve_pages

    with open_chosen(ctx, workspace) as ws:
        serve_pages(ws, host=host, port=port, hosts=allow_host or (), say=typer.echo)
