"""Real servers on the loopback, each of which serves one application after the other.

To start a server and to stop it takes a third of a second in which nothing is tested.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType

import uvicorn
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from starlette.types import ASGIApp, Receive, Scope, Send

from regrade.web.serve import listen, server_config
from tests.conftest import PATIENCE

_IDLE: list[Server] = []


class CompiledTemplates(BytecodeCache):
    """What templates are compiled to, for all applications: each would compile its own."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._compiled[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledTemplates()


class Server:
    """A server in a thread of its own, on a free port.

    Attributes:
        url: Its address.
    """

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._n_requests = 0
        self._nothing_under_way = threading.Condition()
        self._listener = listen("127.0.0.1", 0)
        self._server = uvicorn.Server(server_config(self))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()
        atexit.register(self._stop)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        assert app is not None, f"a request between two tests: {scope['path']}"
        self._n_requests += 1
        try:
            await app(scope, receive, send)
        finally:
            with self._nothing_under_way:
                self._n_requests -= 1
                self._nothing_under_way.notify()

    @contextmanager
    def giving(self, app: ASGIApp) -> Iterator[str]:
        """Serve an application until the block has ended and each request is answered; gives the address."""
        self._app = app
        try:
            yield self.url
        finally:
            with self._nothing_under_way:
                assert self._nothing_under_way.wait_for(lambda: self._n_requests == 0, PATIENCE / 1000)
            self._app = None

    def _stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()


@contextmanager
def giving(app: ASGIApp) -> Iterator[str]:
    """A server of its own for an application, until the block ends; gives its address."""
    if not _IDLE:
        _IDLE.append(Server())
    server = _IDLE.pop()
    with server.giving(app) as url:
        yield url
    _IDLE.append(server)
