"""Runs the web pages of a workspace: where it listens, who may reach it, and how it ends."""

from __future__ import annotations

import signal
import socket
from collections.abc import Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING

import typer

from regrade.cli.output import say
from regrade.errors import InputError, PermissionDeniedError

if TYPE_CHECKING:
    from types import FrameType

    from regrade.workflow.workspace import Workspace


def run_server(ws: Workspace, *, host: str, port: int, names: Sequence[str] = ()) -> None:
    """Serve until somebody stops it (Ctrl-C, SIGTERM); requests under way are answered first.

    Args:
        ws: Open; the caller closes it.
        host: Address or name to listen on. Beyond the loopback it needs users who log in.
        port: 0: any that is free.
        names: Host names that people use to reach it, beside those of the loopback.

    Raises:
        InputError: Nothing can listen there.
        PermissionDeniedError: It would be open to others without a log-in.
        StoreBusyError: Another server serves this workspace.
    """
    import uvicorn

    from regrade.web.app import create_app
    from regrade.workflow.accounts import has_users, make_link

    local = is_loopback(host)
    if not local and not has_users(ws):
        raise PermissionDeniedError(
            f"Serving on {host} would let in everybody who can reach it: this workspace has no users.",
            remedy="Add users with `regrade users add NAME --role reviewer`, or serve on 127.0.0.1.",
        )
    with ws.store.server_lock(), _listen(host, port) as listener:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
        link = address if has_users(ws) else f"{address}/enter?token={make_link(ws)}"
        typer.echo(f"serving {ws.settings.name}: {link}")
        if link != address:
            say("The link works once, within an hour, for you alone. Stop with Ctrl-C.")
        # By default a SIGTERM would end the process before the workspace is closed.
        signal.signal(signal.SIGTERM, _stop)
        config = uvicorn.Config(
            create_app(ws, hosts=(host, *names), addresses=not local),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=10,
        )
        uvicorn.Server(config).run(sockets=[listener])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address; a name other than `localhost` counts as reachable by others."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.casefold() == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise InputError(
            "an address and a port to listen on",
            got=f"{host}, port {port}: {error.strerror}",
            remedy="Choose another with --port (0: any that is free) or --host.",
        ) from error


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
