"""Gold over HTTP: nothing that a reviewer receives tells it from work."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from sqlalchemy import text

from regrade.records.labels import Verdict
from regrade.records.panel import Answers, Pass, Purpose, Screen, VerdictAnswer
from regrade.store import reviews, screens
from regrade.web.sessions import cookie_name
from regrade.workflow.accounts import list_users
from regrade.workflow.discussion import add_comment
from regrade.workflow.media import item_token
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.review import answer_screen, load_queue
from regrade.workflow.workspace import Workspace, open_workspace
from tests.web.conftest import browser_like, plant_session

ITEM, CLASSES = 0, (2, 0, 1)
SCREEN = "0123456789abcdef"
FIELDS = {
    "screen": SCREEN,
    "seconds": "3.2",
    "note": "hm",
    "discuss": "1",
    **{f"verdict-{class_id}": "correct" for class_id in CLASSES},
}
RANDOM = {
    # What differs between two renderings of one page: keys of forms, request ids, and times.
    r'(name="key" value=")[0-9a-f]{32}"': r"\1",
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z|\+00:00)": "TIME",
}
Serve = Callable[[Path], tuple[Workspace, str]]


class Heard(NamedTuple):
    """All that came in answer to one request, but for what differs every time."""

    request: str
    status: int
    headers: dict[str, str]
    body: str


def prepare(folder: Path, purpose: Purpose) -> None:
    """Two others have answered item 0; quillon is dealt it as gold, or as the third of three reviewers.

    The other items ask nothing.
    """
    with open_workspace(folder) as ws:
        edit_protocol(ws, {"gold_share": 0.5, "reviewers": 2 if purpose is Purpose.GOLD else 3}, by="ursula")
        with ws.store.write() as tx:
            tx.execute(text("UPDATE questions SET status = 'closed' WHERE item <> :item"), {"item": ITEM})
        people = {user.name: user for user in list_users(ws)}
        for name in ("zebedee", "ursula"):
            (shown,) = load_queue(ws, people[name], Pass.VERDICT).screens
            rows = tuple(VerdictAnswer(card.class_id, Verdict.CORRECT) for card in shown.cards)
            answer_screen(ws, people[name], shown.id, Answers(verdicts=rows), key=name)
        if purpose is Purpose.GOLD:  # gold is talked about as if nobody had
            token = item_token(ws, "main", ITEM)
            add_comment(ws, people["zebedee"], token, Pass.VERDICT, "we settled on bagel", key="z1")
        dealt = Screen(
            *(SCREEN, "quillon", "main", ITEM, Pass.VERDICT, CLASSES, 0, 1, "original@1", datetime.now(UTC)),
            purpose=purpose,
            protocol=1,
        )
        with ws.store.write() as tx:
            screens.save_screens(tx, [dealt])


def listen_to(client: httpx.Client, token: str) -> list[Heard]:
    """What quillon hears: the page, every act on the screen as a form and as a script sends it, the page again.

    And, while it is answered, what is said of the item.
    """
    heard = []

    def ask(method: str, path: str, fields: dict[str, str] | None = None, accept: str = "text/html") -> None:
        answer = client.request(method, path, data=fields, headers={"accept": accept})
        body = answer.text.replace(answer.headers.get("x-request-id", "none"), "")
        for pattern, plain in RANDOM.items():
            body = re.sub(pattern, plain, body)
        headers = {
            name: re.sub(r"saved=[^&]+", "saved", value)
            for name, value in answer.headers.items()
            if name not in {"date", "x-request-id"}
        }
        heard.append(Heard(f"{method} {path}", answer.status_code, headers, body))

    ask("GET", "/review")
    ask("GET", "/review", accept="application/json")
    ask("POST", "/review", {"screen": SCREEN, "key": "a1", "verdict-0": "correct"})  # incomplete
    ask("POST", "/review", FIELDS | {"key": "a2"}, accept="application/json")
    ask("POST", "/review", FIELDS | {"key": "a2"}, accept="application/json")  # the same again
    ask("POST", "/review", FIELDS | {"key": "a3"})  # answered already
    ask("GET", "/review")
    ask("GET", "/discuss")
    ask("GET", f"/discuss/verdict/{token}")
    ask("POST", f"/discuss/verdict/{token}", {"key": "c1", "text": "raw?"})
    ask("GET", f"/discuss/verdict/{token}")
    ask("GET", "/discuss")
    ask("GET", "/review/past")
    ask("GET", f"/review/past/{token}")
    ask("POST", "/review/undo", {"key": "u1"}, accept="application/json")
    ask("GET", "/discuss")
    ask("GET", f"/discuss/verdict/{token}")
    ask("GET", "/review")
    ask("POST", "/review", {"screen": SCREEN, "key": "a4", "problematic": "1"})
    ask("GET", "/review")
    ask("POST", "/review/undo", {"key": "u2"})
    ask("POST", "/review", FIELDS | {"key": "a5", "added-3": "unclear"})
    ask("GET", "/review")
    ask("POST", "/review/undo", {"key": "u3"})
    ask("POST", "/review/skip", {"screen": SCREEN, "key": "s1"}, accept="application/json")
    return heard


@pytest.fixture
def heard_of(template: Path, tmp_path: Path, serve_folder: Serve) -> Callable[[Purpose], list[Heard]]:
    """All that quillon hears where the screen is of a purpose; both workspaces have the same secret."""

    def play(purpose: Purpose) -> list[Heard]:
        folder = tmp_path / str(purpose)
        shutil.copytree(template, folder)
        prepare(folder, purpose)
        ws, url = serve_folder(folder)
        with browser_like(url) as client:
            client.cookies.set(cookie_name(ws), plant_session(ws, "quillon"), domain="127.0.0.1", path="/")
            heard = listen_to(client, item_token(ws, "main", ITEM))
        with ws.store.read() as tx:
            kept = reviews.list_reviews(tx, split="main", reviewer="quillon", purpose=purpose)
        assert [row.class_id for row in kept] == [2, 0, 1, None, 2, 0, 1, 3]
        return heard

    return play


def test_every_byte_of_gold_is_the_same_as_of_work(heard_of: Callable[[Purpose], list[Heard]]) -> None:
    gold, work = heard_of(Purpose.GOLD), heard_of(Purpose.PANEL)
    for ours, theirs in zip(gold, work, strict=True):
        assert ours == theirs, ours.request
    assert f'data-screen="{SCREEN}"' in gold[0].body
    assert "0 of 1" in re.sub(r"<[^>]+>", "", gold[0].body)
    assert [row.status for row in gold] == [
        200,
        200,
        422,
        200,
        200,
        409,
        200,
        *(200, 200, 303, 200, 200, 404, 404),  # what is said of it, and what became of it, which no reviewer is shown
        200,
        *(200, 404),  # nothing is said while it waits for an answer again
        200,
        303,
        200,
        303,
        303,
        200,
        303,
        200,
    ]


def test_no_byte_names_a_purpose(heard_of: Callable[[Purpose], list[Heard]]) -> None:
    for row in heard_of(Purpose.GOLD):
        text_ = f"{row.headers} {row.body}".lower()
        assert not re.search(r"\b(gold|audit|purpose)\b", text_), row.request
