"""A small hostile benchmark, a real server in front of it, clients who are logged in, and a real browser."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from filelock import FileLock
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regrade.records.users import Role
from regrade.store import sessions
from regrade.web.app import create_app
from regrade.web.sessions import cookie_name
from regrade.workflow.cases import make_cases
from regrade.workflow.demo import make_demo
from regrade.workflow.embeddings import import_embeddings
from regrade.workflow.media import item_token
from regrade.workflow.predictions import import_predictions
from regrade.workflow.sessions import make_link
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace
from tests.conftest import PATIENCE
from tests.people import PASSWORD, add_person
from tests.web import servers

PEOPLE = {
    "quillon": [Role.REVIEWER],
    "zebedee": [Role.REVIEWER],
    "<i>hostile & sons</i>": [Role.REVIEWER],
    "ottilie": [Role.ADJUDICATOR],
    "ursula": [Role.ADMIN],
    "violet": [Role.VIEWER],
    "percival": [Role.PROPOSER],
}
CLASSES = """class_id,key,name,definition
0,k0,<script>alert(1)</script>,"a ""ring"" <b>of</b> dough"
1,k1,"\"\"><img src=x onerror=alert(2)>",raw
2,k2,{{ 7*7 }},a knot
3,k3,bun,
"""
LABELS = (0, 0, 1, 1, 2, 2, 3, 3)
TOP1 = {
    # item:       0  1  2  3  4  5  6  7
    "xylograph": (1, 0, 1, 2, 2, 2, 3, 3),  # mistakes: item 0 -> 1, item 3 -> 2
    "quagmire": (2, 0, 1, 2, 2, 2, 3, 0),  # mistakes: item 0 -> 2, item 3 -> 2, item 7 -> 0
}
"""So the cases are (0, 1), (0, 2), (3, 2), (7, 0): four cases on three items."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small benchmark's workspace with people and cases; copied for every test."""
    files = tmp_path_factory.mktemp("files")
    folder = tmp_path_factory.mktemp("template") / "bench"
    media = folder / "media"
    media.mkdir(parents=True)
    rows = ["file,class_id"]
    for item, label in enumerate(LABELS):
        rows.append(f"img_{item}.png,{label}")
        Image.new("RGB", (160, 120), (item * 30, 90, 200 - item * 20)).save(media / f"img_{item}.png")
    (files / "classes.csv").write_text(CLASSES)
    (files / "items.csv").write_text("\n".join(rows) + "\n")
    for model, top1 in TOP1.items():
        np.save(files / f"{model}.npy", np.array(top1, dtype=np.int64))
    init_workspace(folder, classes=files / "classes.csv", items=files / "items.csv", media=media)
    with open_workspace(folder) as workspace:
        import_predictions(workspace, [(model, files / f"{model}.npy") for model in TOP1])
        make_cases(workspace)
        for name, roles in PEOPLE.items():
            add_person(workspace, name, roles)
    return folder


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The digits demo with people, made once for all workers of a test run."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    folder, done = shared / "digits-demo", shared / "digits-demo.done"
    with FileLock(shared / "digits-demo.lock"):
        if not done.exists():
            make_demo(folder)
            with open_workspace(folder) as workspace:
                for name, roles in PEOPLE.items():
                    add_person(workspace, name, roles)
            done.touch()
    return folder


@pytest.fixture
def ws(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    """A workspace of the test's own: the small benchmark, as it is after `disputed` where the test asks for that.

    Or the demo, where it asks for `demo`.
    """
    asked = next((name for name in ("demo", "disputed") if name in request.fixturenames), "")
    source: Path = request.getfixturevalue(f"{asked}_template" if asked else "template")
    folder = tmp_path / "workspace"
    shutil.copytree(source, folder)
    with open_workspace(folder) as workspace:
        yield workspace


@pytest.fixture
def demo() -> None:
    """Asks for the digits demo in place of the small benchmark."""


class Recording:
    """Keeps all that an application sends: for each request its cookies, and its address, headers and body as text."""

    def __init__(self, app: ASGIApp, traffic: list[tuple[str, str]]) -> None:
        self.app = app
        self.traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self.record(scope, sent)  # before the client has it, and goes on
            await send(message)

        await self.app(scope, receive, keep)

    def record(self, scope: Scope, sent: list[Message]) -> None:
        cookies = b";".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
        lines = [f"\n{scope['method']} {scope['path']} {sent[0]['status']}"]
        lines += [f"{name.decode()}: {value.decode('latin-1')}" for name, value in sent[0]["headers"]]
        lines += [message["body"].decode("latin-1") for message in sent[1:] if message.get("body")]
        self.traffic.append((cookies, "\n".join(lines)))


@contextmanager
def serving(workspace: Workspace, traffic: list[tuple[str, str]] | None = None) -> Iterator[str]:
    """A real server on a free port of the loopback; gives its address."""
    app = create_app(workspace)
    app.state.templates.bytecode_cache = servers.COMPILED
    with servers.giving(app if traffic is None else Recording(app, traffic)) as address:
        yield address


TLS = ssl.create_default_context()
"""Made once: every client would read all certificates for one of its own."""


def log_in_client(client: httpx.Client, name: str) -> httpx.Client:
    """The client, logged in."""
    answer = client.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client


def browser_like(url: str) -> httpx.Client:
    """A client that says what a browser says."""
    return httpx.Client(base_url=url, headers={"origin": url, "accept": "text/html"}, timeout=30, verify=TLS)


def client_of(ws: Workspace, url: str, name: str) -> httpx.Client:
    """A client with a session under a name."""
    client = browser_like(url)
    client.cookies.set(cookie_name(ws), plant_session(ws, name), domain="127.0.0.1", path="/")
    return client


@pytest.fixture
def traffic() -> list[tuple[str, str]]:
    """All that the test's own server sends: the cookies of each request, and what it was answered."""
    return []


@pytest.fixture
def url(ws: Workspace, traffic: list[tuple[str, str]]) -> Iterator[str]:
    """Address of a server of the test's own workspace."""
    with serving(ws, traffic) as address:
        yield address


def plant_session(ws: Workspace, name: str) -> str:
    """A session put into the store, as logging in does."""
    token, at = secrets.token_urlsafe(32), datetime.now(UTC)
    with ws.store.write() as tx:
        digest = hashlib.sha256(token.encode()).hexdigest()
        sessions.save_session(tx, digest, name, at, at + timedelta(hours=1))
    return token


@pytest.fixture
def enter(url: str, ws: Workspace) -> Iterator[Callable[[str], httpx.Client]]:
    """Gives a client of the test's own server with a session under a name ("" for nobody)."""
    with ExitStack() as stack:

        def open_client(name: str) -> httpx.Client:
            return stack.enter_context(client_of(ws, url, name) if name else browser_like(url))

        yield open_client


@pytest.fixture(scope="session")
def still_ws(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace that tests share which change nothing in it."""
    folder = tmp_path_factory.mktemp("still") / "workspace"
    shutil.copytree(template, folder)
    with open_workspace(folder) as workspace:
        yield workspace


@pytest.fixture(scope="session")
def still_url(still_ws: Workspace) -> Iterator[str]:
    """Address of a server that tests share which change nothing."""
    with serving(still_ws) as address:
        yield address


@pytest.fixture(scope="session")
def visitors(still_url: str) -> Iterator[dict[str, httpx.Client]]:
    """Clients of the shared server by name, logged in; "" is nobody. For tests that change nothing."""
    with ExitStack() as stack:
        clients = {name: stack.enter_context(browser_like(still_url)) for name in ("", *PEOPLE)}
        for name in PEOPLE:
            log_in_client(clients[name], name)
        yield clients


@pytest.fixture
def password() -> str:
    """Everybody's password."""
    return PASSWORD


@pytest.fixture
def complaints() -> list[str]:
    """What the pages' consoles and the content security policy complained of; `visit` adds to it."""
    return []


@pytest.fixture
def visit(chromium: Browser, url: str, ws: Workspace, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens a page of a browser of its own, with a session under a name ("" for nobody).

    It shows the path, or nothing yet ("", and for nobody), or the first page of whoever that is.
    """
    contexts: list[BrowserContext] = []

    def open_page(
        name: str,
        path: str | None = None,
        *,
        width: int = 1440,
        height: int = 900,
        dark: bool = False,
        script: bool = True,
    ) -> Page:
        context = chromium.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.add_init_script(
            "addEventListener('securitypolicyviolation', (e) => console.error('CSP', e.violatedDirective))"
        )
        page.on("console", lambda line: complaints.append(f"{page.url}: {line.type} {line.text}"))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        if name:
            cookie = {"name": cookie_name(ws), "value": plant_session(ws, name), "url": url, "sameSite": "Strict"}
            context.add_cookies([cookie | {"httpOnly": True}])  # type: ignore[list-item]
            path = "/login" if path is None else path  # it sends everybody to their first page
        if path:
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def serve_folder() -> Iterator[Callable[[Path], tuple[Workspace, str]]]:
    """Serves a workspace's folder; gives the workspace and the server's address."""
    with ExitStack() as stack:

        def start(folder: Path) -> tuple[Workspace, str]:
            workspace = stack.enter_context(open_workspace(folder))
            return workspace, stack.enter_context(serving(workspace))

        yield start


@pytest.fixture
def let_in() -> Iterator[Callable[[Workspace, str], httpx.Client]]:
    """Gives a client that has entered a served workspace by its one-time link."""
    with ExitStack() as stack:

        def open_client(workspace: Workspace, address: str) -> httpx.Client:
            client = stack.enter_context(browser_like(address))
            assert client.get("/enter", params={"token": make_link(workspace)}).status_code == 303
            return client

        yield open_client


@pytest.fixture
def train(ws: Workspace, tmp_path: Path) -> Callable[[], None]:
    """Adds three training images, one a class, with embeddings by `vectograph`: item i points at i / 4 radians."""

    def add() -> None:
        folder = tmp_path / "train"
        folder.mkdir()
        rows = ["file,class_id"]
        for at in range(3):
            rows.append(f"trained_{at}.png,{at}")
            Image.new("RGB", (40, 30), (at * 90, 200, 30)).save(folder / f"trained_{at}.png")
        (folder / "items.csv").write_text("\n".join(rows) + "\n")
        add_split(ws, "train", items=folder / "items.csv")
        for split, angles in (("main", np.arange(len(LABELS)) / 4), ("train", np.array([0.0, 0.1, 0.3]))):
            import_embeddings(ws, "vectograph", np.stack([np.cos(angles), np.sin(angles)], axis=1), split=split)

    return add


@pytest.fixture
def disputed(ws: Workspace) -> str:
    """Two reviewers have answered everything by the labels, and differ on whether item 0 shows class 2; its token."""
    return item_token(ws, "main", 0)


@pytest.fixture(scope="session")
def disputed_template(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small benchmark's workspace once that has been answered, on the pages; copied for every test."""
    folder = tmp_path_factory.mktemp("disputed") / "bench"
    shutil.copytree(template, folder)
    with open_workspace(folder) as workspace, serving(workspace) as address:
        for name, odd in (("quillon", "wrong"), ("zebedee", "unclear")):
            with client_of(workspace, address, name) as client:
                _answer_all(workspace, client, odd)
    return folder


def _answer_all(ws: Workspace, client: httpx.Client, odd: str) -> None:
    places = {item_token(ws, "main", item): item for item in range(len(LABELS))}
    while '<form class="screen"' in (page := client.get("/review").text):
        form = page[page.index('<form class="screen"') :].split("</form>")[0]
        item = places[re.findall(r'src="/media/([0-9a-f]+)"', form)[0]]
        fields = {"screen": re.findall(r'name="screen" value="([^"]+)"', form)[0], "key": secrets.token_hex(16)}
        for class_id in map(int, set(re.findall(r'name="verdict-(\d+)"', form))):
            verdict = "correct" if LABELS[item] == class_id else odd if (item, class_id) == (0, 2) else "wrong"
            fields[f"verdict-{class_id}"] = verdict
        assert client.post("/review", data=fields).status_code == 303
