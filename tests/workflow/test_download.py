"""Downloading one file, from a server on loopback."""

from __future__ import annotations

import hashlib
import socket
import threading
from email.message import Message
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import Request

import pytest

from regrade.errors import InputError
from regrade.workflow.download import ATTEMPTS, WebFile, _Redirects, download
from tests.webserver import Reply, WebServer, serve

BODY = b"[[1], [2, 3]]" * 1000
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def get(server: WebServer | str, folder: Path, **options: Any) -> tuple[str, list[float]]:
    """The digest, and how long was waited between attempts."""
    waited: list[float] = []
    url = server if isinstance(server, str) else f"{server.url}/x.json"
    wanted = WebFile(url, max_bytes=options.pop("max_bytes", 100_000), remedy="Do as it says.")
    return download(wanted, folder / "x.json", pause=waited.append, **options), waited


def test_a_file_comes_with_its_digest(tmp_path: Path) -> None:
    told: list[int] = []
    with serve({"/x.json": [Reply(body=BODY)]}) as server:
        assert get(server, tmp_path, progress=told.append) == (SHA256, [])
    assert (tmp_path / "x.json").read_bytes() == BODY
    assert told[-1] == len(BODY)
    assert server.asked == ["/x.json"]


def test_a_length_that_nobody_gives_is_no_fault(tmp_path: Path) -> None:
    with serve({"/x.json": [Reply(body=BODY, length=-1)]}) as server:
        assert get(server, tmp_path)[0] == SHA256


@pytest.mark.parametrize("status", [403, 404, 410, 401])
def test_a_refusal_is_final(tmp_path: Path, status: int) -> None:
    with serve({"/x.json": [Reply(status, b"no")]}) as server:
        words = rf"/x\.json: expected the file; got {status} {HTTPStatus(status).phrase}\. Do as it says\."
        with pytest.raises(InputError, match=words):
            get(server, tmp_path)
    assert len(server.asked) == 1


def test_a_status_that_nobody_knows_is_given_as_it_is(tmp_path: Path) -> None:
    with serve({"/x.json": [Reply(499)]}) as server, pytest.raises(InputError, match=r"got 499\. Do as it says\."):
        get(server, tmp_path)


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_what_may_pass_is_tried_again_with_longer_and_longer_waits(tmp_path: Path, status: int) -> None:
    with serve({"/x.json": [Reply(status), Reply(status), Reply(body=BODY)]}) as server:
        assert get(server, tmp_path) == (SHA256, [1.0, 2.0])
    assert len(server.asked) == 3


def test_what_does_not_pass_ends_in_an_error(tmp_path: Path) -> None:
    message = r"got 503 Service Unavailable, 4 times in a row\. Do as it says\."
    with serve({"/x.json": [Reply(503)]}) as server, pytest.raises(InputError, match=message):
        get(server, tmp_path)
    assert len(server.asked) == ATTEMPTS


def test_a_file_that_breaks_off_is_fetched_again(tmp_path: Path) -> None:
    cut = Reply(body=BODY[:5000], length=len(BODY))
    with serve({"/x.json": [cut, Reply(body=BODY)]}) as server:
        assert get(server, tmp_path) == (SHA256, [1.0])
    with (
        serve({"/x.json": [cut]}) as server,
        pytest.raises(InputError, match="5,000 of 13,000 bytes, 4 times in a row"),
    ):
        get(server, tmp_path)


@pytest.mark.parametrize("length", [None, -1], ids=["said", "unsaid"])
def test_a_file_that_is_too_long_is_not_read_to_its_end(tmp_path: Path, length: int | None) -> None:
    long, message = (
        Reply(body=b"x" * 5_000_000, length=length),
        r"at most 1,000 bytes; got a longer file\. Do as it says",
    )
    with serve({"/x.json": [long]}) as server, pytest.raises(InputError, match=message):
        get(server, tmp_path, max_bytes=1000)
    assert len(server.asked) == 1
    assert (tmp_path / "x.json").stat().st_size <= 1 << 20


def test_a_file_as_long_as_it_may_be_is_read(tmp_path: Path) -> None:
    with serve({"/x.json": [Reply(body=BODY)]}) as server:
        assert get(server, tmp_path, max_bytes=len(BODY))[0] == SHA256


def test_a_redirect_to_another_web_address_is_followed(tmp_path: Path) -> None:
    with serve({"/x.json": [Reply(302, headers={"Location": "/y.json"})], "/y.json": [Reply(body=BODY)]}) as server:
        assert get(server, tmp_path)[0] == SHA256
    assert server.asked == ["/x.json", "/y.json"]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x.json", "data:,x"])
def test_a_redirect_elsewhere_is_not(tmp_path: Path, address: str) -> None:
    reply, message = Reply(302, headers={"Location": address}), rf"got .*a redirect to '{address}'\. Do as it says\."
    with serve({"/x.json": [reply]}) as server, pytest.raises(InputError, match=message):
        get(server, tmp_path)
    assert len(server.asked) == 1


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    reply = Reply(302, headers={"Location": "/x.json"})
    with (
        serve({"/x.json": [reply]}) as server,
        pytest.raises(InputError, match=r"got 302 Found, a redirect to '/x\.json'"),
    ):
        get(server, tmp_path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "x.json", "javascript:0"])
def test_only_web_addresses_are_asked(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match="expected an http or https address; got another kind"):
        get(url, tmp_path)


def test_a_server_that_is_not_there_is_asked_four_times(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/x.json"
        with pytest.raises(InputError, match=r"got no answer to the end \(.*refused.*\), 4 times in a row"):
            get(url, tmp_path)


def test_an_answer_that_is_no_http_is_a_failure_that_may_pass(tmp_path: Path) -> None:
    def answer(listener: socket.socket) -> None:
        for _ in range(ATTEMPTS):
            connection, _ = listener.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"hello\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        thread = threading.Thread(target=answer, args=[listener])
        thread.start()
        with pytest.raises(InputError, match=r"got no answer to the end \(BadStatusLine\), 4 times in a row"):
            get(f"http://127.0.0.1:{listener.getsockname()[1]}/x.json", tmp_path)
        thread.join()


def test_no_way_leads_from_https_to_http() -> None:
    wanted = WebFile("https://example.org/x", max_bytes=1, remedy="")
    handler, request = _Redirects(wanted), Request("https://example.org/x")
    with pytest.raises(InputError, match=r"got a redirect to 'http://example\.org/y'"):
        handler.redirect_request(request, BytesIO(), 302, "Found", Message(), "http://example.org/y")
    followed = handler.redirect_request(request, BytesIO(), 302, "Found", Message(), "https://example.org/y")
    assert followed is not None
    assert followed.full_url == "https://example.org/y"


@pytest.mark.parametrize("length", ["\N{SUPERSCRIPT TWO}", "many", "-1"])
def test_a_length_that_is_no_number_is_as_good_as_none(tmp_path: Path, length: str) -> None:
    odd = Reply(body=BODY, length=-1, headers={"Content-Length": length})
    with serve({"/x.json": [odd]}) as server:
        assert get(server, tmp_path)[0] == SHA256
