"""`regrade serve`: a real server in a process of its own, asked over the loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import httpx
import pytest

from tests.cli.conftest import Regrade


@pytest.fixture
def server(bakery: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "regrade", "serve", "--workspace", str(bakery), "--port", "0"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def _read_link(process: subprocess.Popen[str]) -> SplitResult:
    """The link that the server prints when it listens."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("http://127.0.0.1:"):
            return urlsplit(line.strip())
    raise AssertionError("the server ended without a link")


def _get(link: SplitResult, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"http://{link.netloc}{path}", headers=headers, timeout=20)


def test_the_link_opens_the_pages_once_and_no_one_else_gets_in(server: subprocess.Popen[str]) -> None:
    link = _read_link(server)
    entered = _get(link, f"{link.path}?{link.query}")
    cookie = entered.headers["set-cookie"].split(";")[0]
    assert entered.status_code == 303
    assert _get(link, "/", cookie=cookie).status_code == 200
    assert _get(link, f"{link.path}?{link.query}").status_code != 303
    assert _get(link, "/", cookie=cookie, host="evil.example").status_code == 400
    server.send_signal(signal.SIGINT)
    _, err = server.communicate(timeout=20)
    assert (server.returncode, err) == (0, "")


def test_a_second_server_is_kept_out_and_a_stopped_one_is_not(
    server: subprocess.Popen[str], regrade: Regrade, bakery: Path
) -> None:
    _read_link(server)
    said = regrade("serve", "--workspace", bakery, "--port", 0, code=1).err
    assert "Another server" in said
    assert str(server.pid) in said
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=20)
    assert server.returncode == 0
    assert not (bakery / "server.pid").exists()


def test_other_commands_work_while_it_serves(server: subprocess.Popen[str], regrade: Regrade, bakery: Path) -> None:
    _read_link(server)
    assert regrade("cases", "make", "--workspace", bakery, "--json").json["n_new_cases"] == 2


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - it must be refused
def test_beyond_this_machine_it_needs_users(host: str, regrade: Regrade, bakery: Path) -> None:
    said = regrade("serve", "--workspace", bakery, "--host", host, code=1).err
    assert "regrade users add" in said


@pytest.mark.usefixtures("server")
def test_a_taken_port_is_an_error_with_a_way_out(
    server: subprocess.Popen[str], regrade: Regrade, tmp_path: Path
) -> None:
    port = _read_link(server).port
    regrade("init", tmp_path / "other", "--classes", "classes.csv", "--items", "items.csv")
    said = regrade("serve", "--workspace", tmp_path / "other", "--port", port, code=1).err
    assert f"Port {port} of 127.0.0.1 is taken" in said
    assert "--port" in said
