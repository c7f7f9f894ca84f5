"""Requests have a number, a log line without secrets, and an answer whatever happens."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from functools import partial

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regrade.web.middleware.edge import EdgeMiddleware

Enter = Callable[[str], httpx.Client]


def ask(app: ASGIApp, path: str = "/x") -> list[Message]:
    """What a request to the application behind the edge is answered."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"token=hidden", "headers": []}
    with start_blocking_portal() as portal:  # a loop of its own: a browser may hold this thread's
        portal.call(partial(EdgeMiddleware(app), scope, receive, send))
    return sent


def test_an_unforeseen_error_is_answered_without_internals(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("the secret inside")

    with caplog.at_level(logging.INFO, logger="regrade.web"):
        start, body = ask(broken)
    assert start["status"] == 500
    text = body["body"].decode()
    assert '"code":"internal"' in text
    assert "secret" not in text
    assert "RuntimeError" not in text
    number = dict(start["headers"])[b"x-request-id"].decode()
    assert number in text
    assert number in caplog.text
    assert "RuntimeError" in caplog.text  # whoever runs the server learns what it was


def test_half_an_answer_is_cut_not_followed_by_another() -> None:
    async def breaks_off(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        ask(breaks_off)


def test_the_log_holds_no_query(caplog: pytest.LogCaptureFixture) -> None:
    async def fine(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with caplog.at_level(logging.INFO, logger="regrade.web"):
        ask(fine)
    assert re.search(r"[0-9a-f]{16} GET /x 204 \d+ ms", caplog.text)
    assert "hidden" not in caplog.text


def test_a_path_writes_no_line_of_its_own_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def fine(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    with caplog.at_level(logging.INFO, logger="regrade.web"):
        ask(fine, "/x\nursula entered \x1b[31m\u2028\u202eend")
    (line,) = [row.getMessage() for row in caplog.records if "/x" in row.getMessage()]
    assert line.isprintable()
    assert "GET /x\\nursula entered \\x1b[31m\\u2028\\u202eend 204" in line


def test_passwords_and_links_stay_out_of_the_log(enter: Enter, password: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client = enter("quillon")
        client.get("/enter?token=one-time-token")
        client.post("/login", data={"name": "quillon", "password": "not the password"})
    session = next(iter(client.cookies.values()))
    lines = [row.getMessage() for row in caplog.records if not row.name.startswith(("httpx", "httpcore"))]
    assert any("GET /enter 303" in line for line in lines)
    for secret in (password, "one-time-token", "not the password", session):
        assert not [line for line in lines if secret in line]


def test_every_answer_has_a_number_of_its_own(visitors: dict[str, httpx.Client]) -> None:
    client = visitors[""]
    first, second = client.get("/login"), client.get("/nothing")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert second.headers["x-request-id"] in second.text
