"""An end to request heads that have none: httptools keeps whatever comes, before anybody was asked who they are.

And no header after the body: it would be taken for one of the head's, past a proxy that looked at the head alone.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEAD = 64 * 1024
"""Bytes of a request's first line and headers, and likewise of what follows a body in chunks. What the last packet
brings more than that does no harm."""


class CappedHttpProtocol(HttpToolsProtocol):
    """Closes a connection that goes on sending, and neither ends the head of its request nor begins a body."""

    _n_vain = 0
    """Bytes since the parser last came to the end of something."""
    _is_head_over = False

    def data_received(self, data: bytes) -> None:
        """Take in what the network brings; refuse once there is too much of it that leads nowhere."""
        self._n_vain += len(data)
        super().data_received(data)
        if self._n_vain > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response(f"Expected at most {MAX_HEAD:,} bytes of headers; got more.")

    def on_message_begin(self) -> None:
        """A request has begun to come."""
        self._is_head_over = False
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header, unless it stands behind the body."""
        if not self._is_head_over:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head has come to its end."""
        self._n_vain = 0
        self._is_head_over = True
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body has come."""
        self._n_vain = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has come to its end."""
        self._n_vain = 0
        super().on_message_complete()
