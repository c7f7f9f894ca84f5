"""Serves a workspace until it is told to stop."""

from __future__ import annotations

import errno
import gc
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType

import uvicorn

from regrade.errors import ConflictError, InputError
from regrade.web.app import create_app
from regrade.web.heads import CappedHttpProtocol
from regrade.workflow.accounts import has_users
from regrade.workflow.sessions import make_link
from regrade.workflow.warm import warm_up
from regrade.workflow.workspace import Workspace

_TURN = 0.001
"""Seconds that a thread may keep the others waiting; Python's own figure is five times that."""
DEFAULT_PORT = 8321
MAX_PORT = 65_535
STOP_SECONDS = 5
"""How long requests under way may take when the server is told to stop."""


def serve(
    workspace: Workspace,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    hosts: Iterable[str] = (),
    say: Callable[[str], object] = print,
) -> None:
    """Serve the pages of a workspace until SIGINT or SIGTERM.

    Args:
        workspace: Open; the caller closes it.
        host: Address to listen on. Another than the loopback's needs users who log in.
        port: 0: any free one.
        hosts: Host names that the server answers to beside this machine's own (a proxy's, say).
        say: Told the address once the server listens: with a one-time link while nobody has a password.

    Raises:
        ConflictError: The port is taken.
        InputError: The address cannot be listened on, or there are no users to keep others out.
        StoreBusyError: Another server serves the workspace.
    """
    local = is_loopback(host)
    if not local and not has_users(workspace):
        raise InputError(
            "users with passwords before other machines can reach the workspace",
            got=f"none, and the address {host}",
            remedy="Add them with `regrade users add NAME --role reviewer`, or leave out --host.",
        )
    own_names = () if local else (host, socket.gethostname())
    with workspace.store.server_lock(), listen(host, port) as sock:
        app = create_app(workspace, hosts=(*own_names, *hosts), addresses=not local)
        say(_announce(workspace, host, sock.getsockname()[1]))
        with _short_turns(), _warming_up(workspace), _stop_by_exception():
            uvicorn.Server(server_config(app)).run(sockets=[sock])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, for the caller to close.

    Raises:
        ConflictError: The port is taken.
        InputError: The address cannot be listened on.
    """
    if not 0 <= port <= MAX_PORT:
        raise InputError(f"a port from 0 to {MAX_PORT:,}", got=str(port), remedy="0 takes any free one.")
    try:
        sock = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            raise ConflictError(
                f"Port {port} of {host} is taken.", remedy="Choose another with --port; 0 takes any free one."
            ) from error
        raise InputError(
            "an address of this machine and a port that may be listened on",
            got=f"{host}, port {port} ({error})",
            remedy="Leave out --host, or take another port.",
        ) from error
    # Inherited by every connection: without it the kernel holds the end of an answer back until the browser has
    # acknowledged its beginning, which takes 40 ms.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def _announce(ws: Workspace, host: str, port: int) -> str:
    """The address to open, for a person; for a single local user with a link that works once."""
    name = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    address = f"http://{f'[{name}]' if ':' in name else name}:{port}/"
    if has_users(ws):
        return f"Serving {ws.settings.name}. Log in at {address}login\nStop it with Ctrl-C."
    return (
        f"Serving {ws.settings.name} to this machine. Open this link (it works once, within an hour):\n"
        f"{address}enter?token={make_link(ws)}\nStop it with Ctrl-C."
    )


def server_config(
    app: Callable[..., object], *, protocol: type[CappedHttpProtocol] = CappedHttpProtocol
) -> uvicorn.Config:
    """How the pages are served: nothing of a request is logged but what the application logs itself."""
    return uvicorn.Config(
        app,
        http=protocol,
        log_config=None,
        log_level="warning",
        access_log=False,  # it would log queries, and with them the one-time link
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=STOP_SECONDS,
    )


@contextmanager
def _short_turns() -> Iterator[None]:
    """Let threads take turns more often within the block: what is quick waits less for what is not."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_TURN)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextmanager
def _warming_up(ws: Workspace) -> Iterator[None]:
    """Prepare the workspace in a thread beside the block."""
    over = threading.Event()

    def prepare() -> None:
        warm_up(ws, rest=over.wait)
        gc.freeze()  # what is kept from now on need not be looked through again and again while others wait

    thread = threading.Thread(target=prepare)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _stop_by_exception() -> Iterator[None]:
    """End the block quietly on SIGINT and SIGTERM.

    Once it has stopped, uvicorn raises the signal again for whoever handled it before; without a handler SIGTERM would
    end the process before the workspace is closed.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
