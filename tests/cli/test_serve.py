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

from regrade.cli.server import is_loopback
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
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("serving bakery: http://127.0.0.1:"), line
    return urlsplit(line.split()[2])


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
    out, err = server.communicate(timeout=20)
    assert server.returncode == 130
    assert out == ""
    assert err == "The link works once, within an hour, for you alone. Stop with Ctrl-C.\n"


def test_a_second_server_is_kept_out_and_a_stopped_one_is_not(
    server: subprocess.Popen[str], regrade: Regrade, bakery: Path
) -> None:
    _read_link(server)
    said = regrade("serve", "--workspace", bakery, "--port", 0, code=1).err
    assert "Another server" in said
    assert str(server.pid) in said
    server.send_signal(signal.SIGTERM)
    server.communicate(timeout=20)
    assert server.returncode == 130
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
    assert f"127.0.0.1, port {port}" in said
    assert "--port" in said


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("LocalHost", True), ("0.0.0.0", False), ("box", False)],  # noqa: S104
)
def test_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
