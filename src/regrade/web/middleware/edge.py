"""The outer edge: names every request, writes a log line for it, and turns what nobody foresaw into a plain answer."""

from __future__ import annotations

import logging
import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regrade.web.errors import INTERNAL, refuse

logger = logging.getLogger("regrade.web")


class EdgeMiddleware:
    """Gives each request an id, which its answer, its error page and its log line carry.

    The log holds the path without the query, since a query may hold a one-time token; and never a body or a cookie.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with an id in `scope["state"]["request_id"]`; answer an unforeseen error with 500."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_named)
        except Exception:
            logger.exception("%s failed", request_id)
            if status:  # half an answer is out: the server has to cut the connection
                raise
            await refuse(INTERNAL, scope, receive, send_named)
        finally:
            milliseconds = (time.perf_counter() - started) * 1000
            path = _as_one_line(scope["path"])
            logger.info("%s %s %s %d %.0f ms", request_id, scope["method"], path, status, milliseconds)


def _as_one_line(path: str) -> str:
    """The path with whatever would begin a line of the log, or color it, written out."""
    return path if path.isprintable() else path.encode("unicode_escape").decode()
