"""Taking up an invitation."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from regrade.records.users import Role
from regrade.web.sessions import cookie_name
from regrade.workflow.accounts import disable_user
from regrade.workflow.invitations import INVITATION_PATH, invite_user
from regrade.workflow.sessions import find_user
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
NEW = "a long password"


def accept(client: httpx.Client, secret: str, password: str = NEW, again: str | None = None) -> httpx.Response:
    fields = {"token": secret, "password": password, "again": password if again is None else again}
    return client.post(INVITATION_PATH, data=fields)


def test_looking_uses_nothing_up(enter: Enter, ws: Workspace) -> None:
    made = invite_user(ws, "mia", [Role.REVIEWER])
    client = enter("")
    assert {client.get(made.path).status_code for _ in range(3)} == {200}
    assert client.head(made.path).status_code in {200, 405}
    assert accept(client, made.secret).status_code == 303


def test_the_address_keeps_the_secret_from_other_sites(enter: Enter, ws: Workspace) -> None:
    answer = enter("").get(invite_user(ws, "mia", [Role.REVIEWER]).path)
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"


def test_it_works_once_however_often_it_is_sent_at_once(enter: Enter, ws: Workspace) -> None:
    made = invite_user(ws, "mia", [Role.REVIEWER])
    clients = [enter("") for _ in range(4)]
    start = threading.Barrier(4)

    def send(client: httpx.Client) -> int:
        start.wait()
        return accept(client, made.secret).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, clients)) == [303, 401, 401, 401]
    assert sorted(client.get("/review").status_code for client in clients) == [200, 303, 303, 303]


def test_whatever_is_wrong_with_a_link_the_words_are_the_same(enter: Enter, ws: Workspace) -> None:
    used, ended = invite_user(ws, "mia", [Role.REVIEWER]), invite_user(ws, "noa", [Role.REVIEWER])
    accept(enter(""), used.secret)
    disable_user(ws, "noa")
    client = enter("")
    answers = [client.get(INVITATION_PATH, params={"token": secret}) for secret in (ended.secret, "", "<script>")]
    answers += [accept(client, secret) for secret in (used.secret, "x" * 43)]
    assert {answer.status_code for answer in answers} == {401}
    assert "This link is no longer good" in answers[0].text
    assert answers[0].text.count(">Log in</a>") == 1
    assert len({answer.text.partition("request <span")[0] for answer in answers}) == 1
    sixth = client.get(INVITATION_PATH, params={"token": "y" * 43})
    assert (sixth.status_code, sixth.headers["retry-after"]) == (429, "60")


def test_a_password_that_does_not_fit_leaves_the_link(enter: Enter, ws: Workspace) -> None:
    made = invite_user(ws, "mia", [Role.REVIEWER])
    client = enter("")
    short, differ = accept(client, made.secret, "short"), accept(client, made.secret, again="a long passwort")
    assert (short.status_code, "Expected a password of 10 to 1000" in short.text) == (422, True)
    assert (differ.status_code, "Expected the same password twice" in differ.text) == (422, True)
    assert cookie_name(ws) not in client.cookies
    assert accept(client, made.secret).status_code == 303


@pytest.mark.parametrize("name", ["", "quillon"])
def test_a_session_that_was_there_before_is_not_taken_over(enter: Enter, ws: Workspace, name: str) -> None:
    client = enter(name)
    if not name:
        client.cookies.set(cookie_name(ws), "planted-by-somebody", domain="127.0.0.1", path="/")
    before = client.cookies[cookie_name(ws)]
    made = invite_user(ws, "mia", [Role.REVIEWER])
    accept(client, made.secret)
    found = find_user(ws, client.cookies[cookie_name(ws)])
    assert found is not None
    assert found.name == "mia"
    assert client.cookies[cookie_name(ws)] != before
    assert find_user(ws, before) is None
