"""The token in place of the cookie: alone, and never beside it."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest
from starlette.types import Scope

from regrade.store import journal
from regrade.web.bearer import is_api, read_bearer
from regrade.web.sessions import cookie_name
from regrade.workflow import accounts, sessions, tokens
from regrade.workflow.workspace import Workspace

Enter = Callable[[str], httpx.Client]
ME = "/api/v1/me"


def scope(path: str, *authorization: str) -> Scope:
    headers = [(b"authorization", text.encode()) for text in authorization]
    return {"type": "http", "path": path, "headers": headers}


@pytest.mark.parametrize(
    ("path", "headers", "token"),
    [
        (ME, ["Bearer abc"], "abc"),
        (ME, ["bearer   abc "], "abc"),
        (ME, [], None),
        (ME, ["Basic abc"], None),
        (ME, [""], None),
        (ME, ["Bearer"], ""),
        (ME, ["Bearer abc", "Bearer abc"], ""),
        (ME, ["Basic abc", "Bearer abc"], ""),
        ("/review", ["Bearer abc"], None),
        ("/api", ["Bearer abc"], None),
    ],
)
def test_where_a_token_is_read(path: str, headers: list[str], token: str | None) -> None:
    assert read_bearer(scope(path, *headers)) == token


def test_only_the_api_is_the_api() -> None:
    assert [is_api(scope(path)) for path in ("/api/v1/me", "/api/", "/api", "/apis/", "/", "/review/api/")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


@pytest.fixture
def token(ws: Workspace) -> str:
    return tokens.make_token(ws, "ursula", "test")


def ask(url: str, token: str, path: str = ME, **more: object) -> httpx.Response:
    return httpx.get(url + path, headers={"authorization": f"Bearer {token}"} | dict(more), timeout=60)  # type: ignore[arg-type]


def test_a_token_needs_no_cookie_and_opens_no_page(url: str, token: str) -> None:
    assert ask(url, token).json()["name"] == "ursula"
    assert ask(url, token, "/", accept="text/html").status_code == 303  # to the log-in page


def test_a_token_that_is_none_is_not_helped_by_a_cookie(enter: Enter, token: str) -> None:
    client = enter("quillon")
    assert client.get(ME).json()["name"] == "quillon"
    assert client.get(ME, headers={"authorization": f"Bearer {token}"}).json()["name"] == "ursula"
    for text in ("Bearer x", f"Bearer {token}x", "Bearer"):
        answer = client.get(ME, headers={"authorization": text})
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "login_failed")
        assert answer.headers["www-authenticate"] == "Bearer"
    assert client.get(ME, headers={"authorization": "Basic x"}).json()["name"] == "quillon"


def test_without_either_a_program_is_told_so_and_sent_nowhere(url: str) -> None:
    answer = httpx.get(url + ME, headers={"accept": "text/html", "sec-fetch-site": "cross-site"}, timeout=60)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "login_needed")
    assert answer.headers["www-authenticate"] == "Bearer"


FOREIGN = {"origin": "http://evil.example", "sec-fetch-site": "cross-site"}


def test_a_change_by_cookie_comes_from_our_own_page_and_one_by_token_from_anywhere(
    url: str, ws: Workspace, enter: Enter
) -> None:
    key = {"idempotency-key": "1"}
    path = f"{url}/api/v1/review/verdicts/undo"
    session = {cookie_name(ws): enter("quillon").cookies[cookie_name(ws)]}
    for headers in ({}, FOREIGN, {"origin": "null"}, FOREIGN | {"authorization": "Basic x"}):
        answer = httpx.post(path, headers=key | headers, cookies=session, timeout=60)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")
    own = {"origin": url, "sec-fetch-site": "same-origin"}
    assert httpx.post(path, headers=key | own, cookies=session, timeout=60).status_code == 409  # nothing to undo
    token = {"authorization": f"Bearer {tokens.make_token(ws, 'quillon', 'test')}"}
    for headers in ({}, FOREIGN):
        assert httpx.post(path, headers=key | headers | token, timeout=60).status_code == 409


def test_no_other_sites_page_is_ever_told_that_it_may(url: str, token: str) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"} | FOREIGN
    answers = [
        httpx.options(url + ME, headers=asked, timeout=60),
        ask(url, token, **FOREIGN),
        httpx.get(url + ME, headers=FOREIGN, timeout=60),
    ]
    assert [answer.status_code for answer in answers] == [401, 200, 401]
    assert not [name for answer in answers for name in answer.headers if name.startswith("access-control")]


def test_failures_count_like_failed_log_ins_and_a_good_token_goes_on(url: str, ws: Workspace, token: str) -> None:
    codes = [ask(url, "regrade_guess").status_code for _ in range(sessions.MAX_ATTEMPTS + 2)]
    assert codes == [401] * sessions.MAX_ATTEMPTS + [429, 429]
    last = ask(url, "regrade_guess")
    assert (last.json()["error"]["code"], last.headers["retry-after"]) == ("too_many_attempts", "60")
    assert ask(url, token).status_code == 200
    fields = {"name": "ursula", "password": "correct horse battery"}
    headers = {"origin": url, "accept": "application/json"}
    assert httpx.post(f"{url}/login", data=fields, headers=headers, timeout=60).status_code == 429
    with ws.store.read() as tx:
        lines = journal.list_lines(tx, actions=["tokens.refused"])
    assert [line.facts for line in lines] == [{"address": "127.0.0.1"}] * sessions.MAX_ATTEMPTS


@pytest.mark.parametrize("cause", ["revoked", "disabled", "password changed"])
def test_a_token_ends_at_once_with_its_user(cause: str, url: str, ws: Workspace) -> None:
    token = tokens.make_token(ws, "quillon", "test")
    assert ask(url, token).status_code == 200
    if cause == "revoked":
        tokens.revoke_token(ws, "quillon", "test")
    elif cause == "disabled":
        accounts.disable_user(ws, "quillon")
    else:
        accounts.change_password(ws, "quillon", "another long password")
    assert ask(url, token).status_code == 401
