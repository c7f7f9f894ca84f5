"""Only requests for a host of ours are answered."""

from __future__ import annotations

from functools import partial

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from starlette.types import Receive, Scope, Send

from regrade.web.middleware.hosts import HostMiddleware, split_host


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("127.0.0.1:9", 200),
        ("localhost:8321", 200),
        ("LOCALHOST", 200),
        ("[::1]:8321", 200),
        ("evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("evil.example:127.0.0.1", 400),
        ("localhost@evil.example", 400),
        ("evil.example/localhost", 400),
        ("localhost:80:80", 400),
        ("localhost:port", 400),
        ("[::1", 400),
        ("[]", 400),
        ("[x]:80", 400),
        ("", 400),
        ("192.0.2.7", 400),
    ],
)
def test_only_hosts_of_ours_are_answered(host: str, status: int, still_url: str) -> None:
    assert httpx.get(f"{still_url}/login", headers={"host": host}).status_code == status


def test_the_answer_says_nothing_of_what_was_asked(still_url: str) -> None:
    answer = httpx.get(f"{still_url}/review?token=hidden", headers={"host": "evil.example"})
    assert answer.json()["error"]["code"] == "unknown_host"
    assert "evil" not in answer.text
    assert "hidden" not in answer.text


def test_on_a_network_an_address_is_a_host_of_ours_and_a_foreign_name_is_not() -> None:
    async def page(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    seen: list[int] = []

    async def ask(host: bytes, *, addresses: bool) -> None:
        async def send(message: object) -> None:
            if isinstance(message, dict) and "status" in message:
                seen.append(message["status"])

        async def receive() -> dict[str, str]:
            return {"type": "http.disconnect"}

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", host)]}
        app = HostMiddleware(page, names={"Review.Example"}, addresses=addresses)
        await app(scope, receive, send)

    with start_blocking_portal() as portal:  # a loop of its own: a browser may hold this thread's
        for host, addresses in ((b"192.0.2.7:8321", True), (b"[2001:db8::1]", True), (b"review.example.", True)):
            portal.call(partial(ask, host, addresses=addresses))
        assert seen == [200, 200, 200]
        seen.clear()
        for host, addresses in ((b"evil.example", True), (b"192.0.2.7", False), (b"1.2.3", True)):
            portal.call(partial(ask, host, addresses=addresses))
    assert seen == [400, 400, 400]


def test_a_host_is_a_name_and_perhaps_a_port() -> None:
    target = split_host("review.example:99")
    assert target is not None
    assert (target.hostname, target.port) == ("review.example", 99)
    assert split_host("a b") is None
    assert split_host(":99") is None
