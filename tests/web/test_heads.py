"""A request's head comes to an end, or the connection does."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from regrade.web.heads import MAX_HEAD

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
