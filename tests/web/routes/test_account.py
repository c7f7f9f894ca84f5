"""One's own account."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

from regrade.web.sessions import cookie_name
from regrade.workflow.sessions import MAX_ATTEMPTS, find_user
from regrade.workflow.tokens import find_token_user, list_tokens, make_token
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
NEW = "another long password"


def change(client: httpx.Client, present: str, new: str = NEW, again: str | None = None) -> httpx.Response:
    fields = {"present": present, "password": new, "again": new if again is None else again}
    return client.post("/account/password", data=fields)


@pytest.mark.parametrize("name", ["quillon", "ottilie", "ursula", "violet", "percival", "<i>hostile & sons</i>"])
def test_everybody_has_one(name: str, visitors: dict[str, httpx.Client]) -> None:
    page = visitors[name].get("/account")
    assert page.status_code == 200
    assert "<i>hostile" not in page.text


def test_another_password_ends_all_other_sessions_and_renews_this_one(
    enter: Enter, ws: Workspace, password: str
) -> None:
    here, elsewhere, other = enter("quillon"), enter("quillon"), enter("zebedee")
    before = here.cookies[cookie_name(ws)]
    token = make_token(ws, "quillon", "notebook")
    answer = change(here, password)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?saved=1")
    assert "Your password is changed" in here.get("/account?saved=1").text
    assert here.cookies[cookie_name(ws)] != before
    assert find_user(ws, before) is None
    assert [client.get("/review").status_code for client in (here, elsewhere, other)] == [200, 303, 200]
    assert find_token_user(ws, token) is None


def test_without_the_present_password_nothing_changes(enter: Enter, ws: Workspace, password: str) -> None:
    client = enter("quillon")
    wrong = change(client, "not the password")
    assert (wrong.status_code, "That is not your present password." in wrong.text) == (403, True)
    differ = change(client, password, again="another long passwort")
    assert (differ.status_code, "Expected the same password twice" in differ.text) == (422, True)
    short = change(client, password, "short")
    assert (short.status_code, "Expected a password of 10 to 1000 characters" in short.text) == (422, True)
    assert password not in wrong.text + differ.text + short.text
    assert change(client, password).status_code == 303


def test_it_is_guessed_no_more_often_than_at_the_door(enter: Enter, password: str) -> None:
    client = enter("quillon")
    assert [change(client, f"guess {number}").status_code for number in range(MAX_ATTEMPTS)] == [403] * MAX_ATTEMPTS
    held = change(client, password)
    assert (held.status_code, held.headers["retry-after"]) == (429, "60")
    assert enter("").post("/login", data={"name": "quillon", "password": password}).status_code == 429


def test_a_token_is_shown_once_and_revoked(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    page = client.post("/account/tokens", data={"label": "notebook"})
    (token,) = set(re.findall(r"regrade_[\w-]{43}", page.text))
    user = find_token_user(ws, token)
    assert user is not None
    assert user.name == "quillon"
    again = client.get("/account").text
    assert token not in again
    assert "notebook" in again
    assert client.post("/account/tokens/revoke", data={"label": "notebook"}).status_code == 303
    assert find_token_user(ws, token) is None


@pytest.mark.parametrize(("label", "status"), [("", 422), ("x" * 101, 422), ("notebook", 409)])
def test_a_name_that_does_not_fit_is_said_beside_the_form(enter: Enter, ws: Workspace, label: str, status: int) -> None:
    make_token(ws, "quillon", "notebook")
    answer = enter("quillon").post("/account/tokens", data={"label": label})
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert [row.label for row in list_tokens(ws, "quillon")] == ["notebook"]


def test_nobody_ends_another_ones_token(enter: Enter, ws: Workspace) -> None:
    make_token(ws, "zebedee", "cluster")
    assert enter("quillon").post("/account/tokens/revoke", data={"label": "cluster"}).status_code == 404
    assert [row.label for row in list_tokens(ws, "zebedee")] == ["cluster"]
    assert "cluster" not in enter("quillon").get("/account").text
