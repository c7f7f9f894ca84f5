"""Every byte that a reviewer may be sent before answering: no model, no role, no colleague, no purpose."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from regrade.web.access import ACCESS
from regrade.workflow.accounts import list_users
from regrade.workflow.media import item_token
from regrade.workflow.propose import propose_class
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.workspace import Workspace
from tests.web.api.programs import answer, answer_all, classes_of, new_key, read_screen
from tests.workflow.conftest import set_protocol

Ask = Callable[[str], httpx.Client]
NAMES = re.compile(
    r"xylograph|quagmire|zebedee|ottilie|colleague's own words|img_\d|original@|vectograph|trained_", re.IGNORECASE
)
"""What this workspace's own data could tell: models, people, notes, file names, the version of the labels."""
ROLES = re.compile(r"predict|accepted|model|label|original|gold|audit|purpose|panel|nearest", re.IGNORECASE)
"""What says which class is which, or why one is asked."""


def everything(sent: httpx.Response) -> str:
    """Address, headers and body; the tests' own Origin header aside, which no answer repeats."""
    return f"{sent.request.url} {sent.headers} {sent.content.decode('latin-1')}"


def test_what_is_sent_before_an_answer_tells_nothing(ask: Ask, train: Callable[[], None]) -> None:
    train()
    peer, client = ask("zebedee"), ask("quillon")
    screen = read_screen(peer)
    path = f"/review/verdicts/screens/{screen['id']}"
    verdicts = [{"class_id": class_id, "verdict": "unclear"} for class_id in classes_of(screen)]
    body = {"verdicts": verdicts, "note": "the colleague's own words", "discuss": True}
    assert peer.post(path, json=body, headers=new_key()).status_code == 200
    queue = client.get("/review/verdicts")
    own = queue.json()["screens"][0]
    sent = [queue, client.get("/review/kinds"), client.get("/me"), client.get("/classes?q=b")]
    sent += [client.get(f"/guide/{class_id}") for class_id in range(4)]
    for token in (own["media"], *(example for card in own["cards"] for example in card["examples"])):
        sent += [client.get(f"/media/{token}?size={size}") for size in ("full", "thumb")]
    sent += [
        client.post(f"/review/verdicts/screens/{own['id']}", json={"verdicts": []}, headers=new_key()),
        client.post(f"/review/verdicts/screens/{own['id']}", json={"problematic": 1}, headers=new_key()),
        client.post(f"/review/verdicts/screens/{screen['id']}", json={"problematic": True}, headers=new_key()),
        client.post("/review/verdicts/undo", headers=new_key()),
        client.post(f"/review/screens/{screen['id']}/skip", headers=new_key()),
    ]
    for answered in sent:
        assert answered.status_code < 500
        for words in (NAMES, ROLES):
            assert not words.search(everything(answered)), (answered.request.url, words.search(everything(answered)))


def test_closed_routes_tell_no_names_either(ask: Ask, ws: Workspace) -> None:
    client = ask("quillon")
    token = item_token(ws, "main", 0)
    for path in (path for path in ACCESS if path.startswith("/api/")):
        address = (
            path.removeprefix("/api/v1").replace("{token}", token).replace("{ref}", "none").replace("{pass}", "kind")
        )
        assert not NAMES.search(everything(client.get(address))), path


def test_a_queue_is_the_same_whether_a_colleague_has_answered_or_not(ask: Ask) -> None:
    peer, client = ask("zebedee"), ask("quillon")
    before = client.get("/review/verdicts")
    for _ in range(3):
        answer(peer, read_screen(peer), lambda _: "unclear")
    after = client.get("/review/verdicts")
    assert after.content == before.content
    varying = {"date", "x-request-id"}
    headers = [{name: value for name, value in sent.headers.items() if name not in varying} for sent in (before, after)]
    assert headers[0] == headers[1]
    assert headers[0]["cache-control"] == "no-store"
    assert "etag" not in headers[0]


KEYS = re.compile(r'(?<=name="key" value=")[0-9a-f]{32}')
"""What a form gets anew each time."""


def test_embeddings_change_not_a_byte_of_what_a_reviewer_is_sent_before_an_outcome(
    ask: Ask, enter: Ask, ws: Workspace, train: Callable[[], None]
) -> None:
    set_protocol(ws, reveal=True)
    reviewer, page = ask("quillon"), enter("quillon")
    answer(reviewer, read_screen(reviewer), lambda _: "unclear")

    def look() -> list[tuple[str, str]]:
        programs = ["/review/verdicts", "/review/kinds", "/review/past", "/me", "/classes?q=b", "/guide", "/guide/1"]
        pages = ["/review", "/review/kinds", "/review/past", "/guide", "/guide/1"]
        return [
            (f"{client.base_url}{path}", KEYS.sub("", client.get(path).text))
            for client, paths in ((reviewer, programs), (page, pages))
            for path in paths
        ]

    before = look()
    assert all(text for _, text in before)
    train()
    for (path, text), (_, now) in zip(before, look(), strict=True):
        assert now == text, path


SIGHT = {
    "blind_roles": ('"role":"label"', '"role"'),
    "blind_model": ('"model":"xylograph"', "xylograph|quagmire|model"),
    "blind_peers": ('"reviewer":"zebedee"', "zebedee|reviewer|peers"),
    "blind_suggestions": ("look at the crust", "crust|suggest"),
}
"""What a queue holds where a blind is off, and what it may not hold where it is on."""


@pytest.mark.parametrize("off", SIGHT)
def test_a_blind_that_is_off_sends_its_own_and_not_a_byte_of_the_others(off: str, ask: Ask, ws: Workspace) -> None:
    edit_protocol(ws, {off: False}, by="ursula")
    answer_all(ask("zebedee"), lambda _, __: "unclear")
    percival = next(user for user in list_users(ws) if user.name == "percival")
    propose_class(ws, percival, "img_0.png", 3, "look at the crust", key="k")
    sent = ask("quillon").get("/review/verdicts")
    for blind, (said, words) in SIGHT.items():
        if blind == off:
            assert said in sent.text
        else:
            assert not re.search(words, everything(sent)), blind
    assert "percival" not in sent.text
