"""A server on loopback that answers as a test says: for what fetches files over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None
    """What Content-Length says; None: the truth; negative: there is none."""


@dataclass
class WebServer:
    """Where it listens, and what it was asked."""

    url: str
    replies: dict[str, list[Reply]]
    """By path; the last one is given again and again."""
    asked: list[str] = field(default_factory=list)
    """The paths asked for, in order."""


@contextmanager
def serve(replies: dict[str, list[Reply]]) -> Iterator[WebServer]:
    """Serves until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            waiting = served.replies[self.path]
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            served.asked.append(self.path)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            length = len(reply.body) if reply.length is None else reply.length
            if length >= 0:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            try:
                self.wfile.write(reply.body)
            except ConnectionError:
                self.close_connection = True  # the other side has heard enough

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = WebServer(f"http://127.0.0.1:{server.server_port}", replies)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
