"""An end to requests that have none: httptools keeps whatever comes, before anybody was asked who they are.

A head may be only so large, head and body may come only so slowly, and there may be only so many connections. And no
header after the body: it would be taken for one of the head's, past a proxy that looked at the head alone.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

MAX_HEAD = 64 * 1024
"""Bytes of a request's first line and headers, and likewise of what follows a body in chunks. What the last packet
brings more than that does no harm."""
MAX_CONNECTIONS = 768
"""At a time; of the 1,024 files that a process may usually have open, the database and the images need some."""


class CappedHttpProtocol(HttpToolsProtocol):
    """Closes a connection that goes on sending, or dawdles, and neither ends the head of its request nor its body.

    Between requests uvicorn closes what is idle, and nobody waits who is being answered.
    """

    head_seconds = 10.0
    """From the first byte of a request, or from the connection, to the end of the head."""
    body_seconds = 60.0
    """From the end of the head to the end of the body, which is a megabyte at most."""
    max_connections = MAX_CONNECTIONS

    _clock: asyncio.TimerHandle | None = None
    _is_whole = True
    """Whether no request has begun since the last one came to its end."""
    _n_vain = 0
    """Bytes since the parser last came to the end of something."""
    _is_head_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # uvicorn's own type is narrower than asyncio's
        """Somebody has connected; refuse them if there are too many."""
        super().connection_made(transport)
        if len(self.connections) > self.max_connections:
            self._refuse(503, "Too many connections. Try again in a moment.")
        else:
            self._set_clock(self.head_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is over."""
        self._stop_clock()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take in what the network brings; refuse once there is too much of it that leads nowhere."""
        if self.transport.is_closing():
            return
        self._n_vain += len(data)
        if self._clock is None:
            self._set_clock(self.head_seconds)
        super().data_received(data)
        if self._n_vain > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(f"Expected at most {MAX_HEAD:,} bytes of headers; got more.")

    def on_message_begin(self) -> None:
        """A request has begun to come."""
        self._is_head_over = self._is_whole = False
        self._set_clock(self.head_seconds)
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header, unless it stands behind the body."""
        if not self._is_head_over:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head has come to its end."""
        self._n_vain = 0
        self._is_head_over = True
        self._set_clock(self.body_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body has come."""
        self._n_vain = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has come to its end."""
        self._n_vain = 0
        self._is_whole = True
        self._stop_clock()
        super().on_message_complete()

    def _set_clock(self, seconds: float) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(seconds, self._give_up)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _give_up(self) -> None:
        """Close a connection whose request has not come in time."""
        is_answering = bool(self.cycle) and not self.cycle.response_complete  # it is None before the first request
        in_body = not self._is_whole and self._is_head_over
        if is_answering and not in_body:  # to a request before this one
            self._set_clock(self.head_seconds)
        elif self._is_whole or (in_body and self.cycle.response_started):
            self.transport.close()
        else:
            part, seconds = ("body", self.body_seconds) if in_body else ("head", self.head_seconds)
            self._refuse(408, f"Expected the whole {part} of a request within {seconds:g} seconds.")

    def _refuse(self, status: int, message: str) -> None:
        if not self.transport.is_closing():
            head = f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(message)}\r\nconnection: close"
            self.transport.write(STATUS_LINE[status] + f"{head}\r\n\r\n{message}".encode("ascii"))
            self.transport.close()
