"""Serving: who is let in, what is said, how it ends."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from regrade.errors import ConflictError, InputError, StoreBusyError
from regrade.records.users import Role
from regrade.web.serve import is_loopback, listen, serve
from regrade.web.sessions import cookie_name
from regrade.workflow.accounts import disable_user, list_users
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace, open_workspace
from tests.web.conftest import plant_session

PROGRAM = """
import sys
from pathlib import Path
from regrade.web import serve
from regrade.workflow.workspace import open_workspace
with open_workspace(Path(sys.argv[1])) as ws:
    serve(ws, port=0, say=lambda text: print(text, flush=True))
print("closed", flush=True)
"""


def without_users(ws: Workspace) -> None:
    for user in sorted(list_users(ws), key=lambda user: Role.ADMIN in user.roles):  # the last admin comes last
        disable_user(ws, user.name)


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and the address that it said."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = ""
    try:
        while "Ctrl-C" not in said:
            line = process.stdout.readline()
            assert line, process.communicate()[1]
            said += line
        yield process, re.findall(r"http://\S+", said)[0]
    finally:
        process.kill()
        process.communicate()


def test_it_says_where_keeps_a_second_one_out_and_stops_quietly(ws: Workspace) -> None:
    with running(ws.folder) as (process, address):
        assert address.endswith("/login")
        assert httpx.get(address).status_code == 200
        with pytest.raises(StoreBusyError, match=f"process {process.pid}"):
            serve(ws, port=0)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "closed\n", "")


def test_a_lonely_user_gets_a_link_that_works(ws: Workspace) -> None:
    without_users(ws)
    with running(ws.folder) as (process, address):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/enter\?token=[\w-]{43}", address)
        with httpx.Client(follow_redirects=True, headers={"accept": "text/html"}) as client:
            assert client.get(address).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "closed\n", "")


def test_others_are_not_let_in_where_nobody_logs_in(ws: Workspace) -> None:
    without_users(ws)
    with pytest.raises(InputError, match="users with passwords before other machines"):
        serve(ws, host="0.0.0.0", port=0)  # noqa: S104 - it must refuse to


def test_a_port_that_is_taken_is_told(ws: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConflictError, match=f"Port {port} of 127.0.0.1 is taken"):
            serve(ws, port=port)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("no such host", 0), ("a" * 70, 0)])
def test_an_address_that_is_not_ours_is_told(host: str, port: int) -> None:
    with pytest.raises(InputError, match="an address of this machine"):
        listen(host, port).close()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_is_none_is_told(port: int) -> None:
    with pytest.raises(InputError, match="a port from 0 to 65,535"):
        listen("127.0.0.1", port).close()


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],  # noqa: S104,
)
def test_what_only_this_machine_can_reach(host: str, local: bool) -> None:
    assert is_loopback(host) is local
    assert not is_loopback("review.example")


def test_a_server_that_was_killed_leaves_the_workspace_usable(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "killed"
    shutil.copytree(template, folder)
    with running(folder) as (process, _):
        process.kill()
        process.wait()
    with running(folder) as (_, address):
        assert httpx.get(address).status_code == 200
    with open_workspace(folder) as workspace:
        assert list_users(workspace)


def children_of(pid: int) -> list[Path]:
    """The places below /proc of a process's children."""
    lists = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [Path("/proc") / number for numbers in lists for number in numbers]


def is_running(place: Path) -> bool:
    """Whether a process still does something: one that has ended may stand there until somebody asks how it ended."""
    try:
        return (place / "stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(not list(Path("/proc/self/task").glob("*/children")), reason="the system does not show children")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_what_decodes_images_ends_with_the_server(ws: Workspace, how: signal.Signals) -> None:
    cookies = {cookie_name(ws): plant_session(ws, "quillon")}
    with running(ws.folder) as (process, address):
        image = httpx.get(address.replace("/login", f"/media/{item_token(ws, 'main', 0)}"), cookies=cookies)
        assert image.headers["content-type"] == "image/jpeg"
        children = children_of(process.pid)
        assert children
        assert all(map(is_running, children))
        process.send_signal(how)
        process.wait(timeout=20)
        deadline = time.monotonic() + 20
        while any(map(is_running, children)):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_answers_are_not_held_back() -> None:
    # Without it the kernel would hold every answer of two parts back for 40 ms.
    with listen("127.0.0.1", 0) as sock, socket.create_connection(sock.getsockname()):
        connection, _ = sock.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
