"""A request's head comes to an end, or the connection does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from regrade.web.heads import MAX_HEAD, CappedHttpProtocol
from regrade.web.serve import listen, server_config

N_SENT = 8 * 1024 * 1024
"""Far more than the cap and what a packet brings on top of it."""
CHUNKED = "POST /login HTTP/1.1\r\nhost: {host}\r\ntransfer-encoding: chunked\r\n\r\n"


def send_on_and_on(url: str, start: str, more: bytes) -> tuple[int, bytes]:
    """How many bytes the server took before it closed the connection, and what it said."""
    target = urlsplit(url)
    said, n_sent = b"", 0
    with socket.create_connection((target.hostname, target.port), timeout=5) as sock:
        try:
            sock.sendall(start.format(host=target.netloc).encode())
            while n_sent < N_SENT:
                sock.sendall(more)
                n_sent += len(more)
        except ConnectionError:
            return n_sent, said
        try:
            while received := sock.recv(65_536):
                said += received
        except (ConnectionError, TimeoutError):
            return n_sent, said
    return n_sent, said


@pytest.mark.parametrize(
    ("start", "more"),
    [
        pytest.param("GET /", b"a" * 65_536, id="path"),
        pytest.param("GET /login HTTP/1.1\r\nhost: {host}\r\nx: ", b"a" * 65_536, id="one-header"),
        pytest.param("GET /login HTTP/1.1\r\nhost: {host}\r\n", b"x: y\r\n" * 10_000, id="many-headers"),
        pytest.param(CHUNKED + "1;", b"a" * 65_536, id="chunk-extension"),
        pytest.param(CHUNKED + "0\r\n", b"x: y\r\n" * 10_000, id="trailers"),
    ],
)
def test_a_head_without_end_is_cut_off(start: str, more: bytes, still_url: str) -> None:
    n_sent, _ = send_on_and_on(still_url, start, more)
    assert n_sent < N_SENT


def test_the_refusal_says_what_was_expected(still_url: str) -> None:
    target = urlsplit(still_url)
    with socket.create_connection((target.hostname, target.port), timeout=5) as sock:
        sock.sendall(b"GET /login HTTP/1.1\r\nx: " + b"a" * (MAX_HEAD - 24) + b"a")  # 24 bytes before the first a
        said = sock.recv(65_536)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.endswith(b"Expected at most 65,536 bytes of headers; got more.")


def test_large_heads_and_bodies_are_taken(still_url: str) -> None:
    target = urlsplit(still_url)
    head = f"GET /login HTTP/1.1\r\nhost: {target.netloc}\r\nx: {'a' * 60_000}\r\n\r\n".encode()
    body = b"x" * 900_000
    with socket.create_connection((target.hostname, target.port), timeout=5) as sock:
        for _ in range(3):  # on one connection: each request counts anew
            sock.sendall(head)
            answer = sock.recv(65_536)
            assert answer.startswith(b"HTTP/1.1 200 ")
        sock.sendall(
            f"POST /login HTTP/1.1\r\nhost: {target.netloc}\r\norigin: {still_url}\r\nconnection: close\r\n"
            f"content-length: {len(body)}\r\n\r\n".encode()
        )
        sock.sendall(body)
        assert sock.recv(65_536).startswith(b"HTTP/1.1 415 ")  # it is no form, and was read to its end


def test_a_header_behind_the_body_is_none(still_url: str) -> None:
    target = urlsplit(still_url)
    head = CHUNKED.format(host=target.netloc).replace("chunked", f"chunked\r\norigin: {still_url}")
    trailers = "host: evil.example\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    with socket.create_connection((target.hostname, target.port), timeout=5) as sock:
        sock.sendall(f"{head}3\r\na=b\r\n0\r\n{trailers}\r\n".encode())
        assert sock.recv(65_536).startswith(b"HTTP/1.1 415 ")  # for want of a content type; not 400, for two hosts
        sock.sendall(f"GET /login HTTP/1.1\r\nhost: {target.netloc}\r\n\r\n".encode())
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200 ")  # the next head is read again


class Hasty(CappedHttpProtocol):
    """The same, for people with no time."""

    head_seconds = 0.3
    body_seconds = 0.3
    max_connections = 3


async def slow_app(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, thinks for longer than a head may take, and answers."""
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.request":
        await asyncio.sleep(3 * Hasty.head_seconds)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture(scope="module")
def hasty() -> Iterator[tuple[str, int]]:
    """Address of a server that does not wait for long."""
    server = uvicorn.Server(server_config(slow_app, protocol=Hasty))
    with listen("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            server.should_exit = True
            thread.join()


def dawdle(address: tuple[str, int], start: bytes, drop: bytes) -> bytes:
    """What is said to somebody who sends a little again and again, until the connection is closed."""
    with socket.create_connection(address, timeout=20) as sock:
        sock.sendall(start)
        said = b""
        sock.settimeout(0.05)
        while True:
            try:
                received = sock.recv(65_536)
            except TimeoutError:
                sock.sendall(drop)
                continue
            except ConnectionError:
                return said
            if not received:
                return said
            said += received


HEAD = b"GET / HTTP/1.1\r\nhost: x\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n"


@pytest.mark.parametrize(
    ("start", "drop", "expected"),
    [
        pytest.param(HEAD, b"x", b"Expected the whole head of a request within 0.3 seconds.", id="head"),
        pytest.param(POST, b"x", b"Expected the whole body of a request within 0.3 seconds.", id="body"),
    ],
)
def test_a_request_that_dawdles_is_refused(hasty: tuple[str, int], start: bytes, drop: bytes, expected: bytes) -> None:
    said = dawdle(hasty, start, drop)
    assert said.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert said.endswith(expected)


@pytest.mark.parametrize("drop", [b"", b"\r\n"])
def test_a_connection_that_asks_nothing_is_closed(hasty: tuple[str, int], drop: bytes) -> None:
    assert dawdle(hasty, b"", drop) == b""


def test_an_answer_that_takes_longer_is_waited_for(hasty: tuple[str, int]) -> None:
    said = dawdle(hasty, HEAD + b"\r\n" + HEAD, b"x")  # the second one's head is not whole in time
    first, second = said.split(b"HTTP/1.1 ")[1:]
    assert first.startswith(b"200 ")
    assert second.startswith(b"408 ")


def test_one_connection_too_many_is_refused(hasty: tuple[str, int]) -> None:
    with ExitStack() as stack:
        socks = []
        for _ in range(Hasty.max_connections):
            socks.append(stack.enter_context(socket.create_connection(hasty, timeout=20)))
            socks[-1].sendall(HEAD + b"\r\n")
        with socket.create_connection(hasty, timeout=20) as late:
            said = late.recv(65_536)
            assert said.startswith(b"HTTP/1.1 503 ")
            assert said.endswith(b"Too many connections. Try again in a moment.")
        assert [sock.recv(65_536)[:12] for sock in socks] == [b"HTTP/1.1 200"] * Hasty.max_connections
