"""kill -9 of the server under eight reviewers, while predictions are imported and labels exported beside it.

What was acknowledged is there once and equal; what was not is there once or not at all, also after it is sent again.
"""

from __future__ import annotations

import random
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from regrade.records.users import Role, User
from regrade.store import health, users
from regrade.web.sessions import cookie_name
from regrade.workflow.cases import make_cases
from regrade.workflow.clock import now
from regrade.workflow.predictions import import_predictions
from regrade.workflow.workspace import init_workspace, open_workspace
from tests.forked import Child
from tests.web.children import crash_chores, crash_server
from tests.web.conftest import TLS, plant_session

pytestmark = pytest.mark.slow

N_CYCLES = 20
N_CLIENTS = 8
N_ITEMS, N_CLASSES = 600, crash_chores.N_CLASSES
PEOPLE = [f"reviewer{number}" for number in range(N_CLIENTS)]
PATIENCE = 60.0
"""Seconds that a busy machine may take to start a server."""
JSON = {"accept": "application/json"}

Fields = dict[str, str]


@dataclass
class Sent:
    """What clients have sent, by key, and which of it was acknowledged."""

    bodies: dict[str, tuple[str, Fields]] = field(default_factory=dict)
    """Who sent it, and what."""
    acknowledged: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    """Answers of the server that no reviewer should get."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Items of class 0, of which a model gets every second one wrong; eight reviewers, two an item."""
    names = "\n".join(f"{number},k{number},class {number}" for number in range(N_CLASSES))
    (tmp_path / "classes.csv").write_text(f"class_id,key,name\n{names}\n")
    rows = "\n".join(f"img_{item},0" for item in range(N_ITEMS))
    (tmp_path / "items.csv").write_text(f"id,class_id\n{rows}\n")
    np.save(tmp_path / "first.npy", np.arange(N_ITEMS) % 2)
    init_workspace(tmp_path / "ws", classes=tmp_path / "classes.csv", items=tmp_path / "items.csv")
    with open_workspace(tmp_path / "ws") as ws:
        with ws.store.write() as tx:
            for name in PEOPLE:
                user = User(name, "password", frozenset({Role.REVIEWER}), disabled=False, created_at=now())
                users.save_user(tx, user, password_hash="none", at=now())
        import_predictions(ws, [("first", tmp_path / "first.npy")])
        make_cases(ws)
    return tmp_path / "ws"


@contextmanager
def running(folder: Path, bug: str) -> Iterator[tuple[Child, str]]:
    """A server of its own process, and its address once it listens; killed at the end."""
    with Child(crash_server.main, folder, bug) as server:
        yield server, _read_address(server)


def _read_address(server: Child) -> str:
    for line in server.out:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("the server ended before it listened")


@contextmanager
def entering(folder: Path, address: str) -> Iterator[dict[str, httpx.Client]]:
    """A client a reviewer, each with a session."""
    with ExitStack() as stack:
        clients = {}
        with open_workspace(folder) as ws:
            for name in PEOPLE:
                client = httpx.Client(base_url=address, headers={"origin": address}, timeout=PATIENCE, verify=TLS)
                client.cookies.set(cookie_name(ws), plant_session(ws, name), domain="127.0.0.1", path="/")
                clients[name] = stack.enter_context(client)
        yield clients


def read_screen(page: str) -> Fields | None:
    """The fields of the first screen of a page, each class with a verdict that chance gives; None: no work left."""
    if '<form class="screen"' not in page:
        return None
    form = page[page.index('<form class="screen"') :].split("</form>", maxsplit=1)[0]
    screen = re.findall(r'name="screen" value="([^"]+)"', form)[0]
    verdicts = {f"verdict-{number}": secrets.choice(["correct", "wrong"]) for number in _classes_of(form)}
    return {"screen": screen, "key": secrets.token_hex(16)} | verdicts


def _classes_of(form: str) -> set[str]:
    return set(re.findall(r'name="verdict-(\d+)"', form))


def review_until_killed(client: httpx.Client, name: str, sent: Sent) -> None:
    """Answer screen after screen; ends when the server is gone."""
    while True:
        try:
            fields = read_screen(client.get("/review", headers={"accept": "text/html"}).text)
            if fields is None:
                return
            sent.bodies[fields["key"]] = (name, fields)
            answer = client.post("/review", data=fields, headers=JSON)
        except httpx.TransportError:
            return
        if answer.status_code == 200:
            sent.acknowledged.add(fields["key"])
        else:
            sent.odd.append(f"{answer.status_code} {answer.text}")


def work_and_kill(folder: Path, rng: random.Random, sent: Sent, *, cycle: int, bug: str = "none") -> None:
    """Let eight reviewers and the chores work for a moment, then kill the server, and the chores with it."""
    chores, served = Child(crash_chores.main, folder, cycle), running(folder, bug)
    with chores, served as (server, address), entering(folder, address) as clients:
        threads = [
            threading.Thread(target=review_until_killed, args=(client, name, sent)) for name, client in clients.items()
        ]
        n_before = len(sent.acknowledged)
        for thread in threads:
            thread.start()
        _wait_for_answers(sent, n_before)
        time.sleep(rng.uniform(0.0, 0.3))
        server.kill()
        for thread in threads:
            thread.join(PATIENCE)


def _wait_for_answers(sent: Sent, n_before: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(sent.acknowledged) == n_before and time.monotonic() < deadline:
        time.sleep(0.002)


def send_again(folder: Path, sent: Sent) -> None:
    """Send everything that was not acknowledged once more, as the page's outbox does, on a server without a bug."""
    with running(folder, "none") as (_, address), entering(folder, address) as clients:
        for key in sorted(sent.bodies.keys() - sent.acknowledged):
            name, fields = sent.bodies[key]
            answer = clients[name].post("/review", data=fields, headers=JSON)
            if answer.status_code == 200:
                sent.acknowledged.add(key)
            elif answer.status_code != 409:  # what it asked was decided meanwhile: refused with words, nothing saved
                sent.odd.append(f"{answer.status_code} {answer.text}")


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Read the file by itself, with nothing of the store."""
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        return connection.execute(query).fetchall()


def find_faults(folder: Path, sent: Sent) -> list[str]:
    """What is wrong with the history, in words."""
    stored: dict[str, list[tuple[str, str]]] = {}
    for key, class_id, verdict in rows(folder, "SELECT submission, class_id, verdict FROM reviews"):
        stored.setdefault(key, []).append((f"verdict-{class_id}", verdict))
    faults = [f"{key} is lost" for key in sorted(sent.acknowledged - stored.keys())]
    faults += [f"{key} was never sent" for key in sorted(stored.keys() - sent.bodies.keys())]
    for key in stored.keys() & sent.bodies.keys():
        fields = sent.bodies[key][1]
        if sorted(stored[key]) != sorted((name, word) for name, word in fields.items() if name.startswith("verdict-")):
            faults.append(f"{key} is not what was sent")
    lines = [key for (key,) in rows(folder, _SAVED)]
    faults += [f"{key} has {lines.count(key)} journal lines" for key in sorted(stored) if lines.count(key) != 1]
    kept = {key for (key,) in rows(folder, "SELECT key FROM idempotency")}
    faults += [f"{key} has no idempotency record" for key in sorted(stored.keys() - kept)]
    numbers = [number for (number,) in rows(folder, "SELECT seq FROM journal ORDER BY seq")]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("the journal has a gap")
    if rows(folder, "PRAGMA integrity_check") != [("ok",)] or rows(folder, "PRAGMA foreign_key_check"):
        faults.append("the database is damaged")
    return faults


_SAVED = "SELECT json_extract(facts, '$.submission') FROM journal WHERE action = 'review.save'"


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(folder: Path) -> None:
    rng = random.Random(11)  # noqa: S311 - when to kill
    sent = Sent()
    for cycle in range(N_CYCLES):
        work_and_kill(folder, rng, sent, cycle=cycle)
        assert find_faults(folder, sent) == []
        with open_workspace(folder) as ws:
            if cycle % 4 == 0:
                make_cases(ws)  # of what was imported meanwhile: work for the next cycles
            with ws.store.read() as tx:
                assert health.list_damage(tx) == ()
    send_again(folder, sent)
    assert find_faults(folder, sent) == []
    assert sent.odd == []
    assert len(sent.acknowledged) > 2 * N_CYCLES
    assert rows(folder, "SELECT count(*) FROM predictions")[0][0] > 1


@pytest.mark.parametrize(
    ("bug", "fault"),
    [
        ("answer before commit", "is lost"),
        ("journal apart", "has 0 journal lines"),
        ("no keys", "has no idempotency record"),
    ],
)
def test_planted_bugs_are_caught(folder: Path, bug: str, fault: str) -> None:
    rng = random.Random(12)  # noqa: S311 - when to kill
    sent = Sent()
    faults: list[str] = []
    for cycle in range(10):
        work_and_kill(folder, rng, sent, cycle=cycle, bug=bug)
        faults = find_faults(folder, sent)
        if faults:
            break
    assert any(fault in found for found in faults)
