"""Logging in, the one-time link, and logging out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from regrade.records.users import Role
from regrade.web.sessions import cookie_name
from regrade.workflow.accounts import add_user, change_password, disable_user, list_users
from regrade.workflow.sessions import MAX_ATTEMPTS, find_user, make_link
from regrade.workflow.workspace import Workspace, open_workspace

Enter = Callable[[str], httpx.Client]


def attempt(client: httpx.Client, name: str, password: str) -> httpx.Response:
    return client.post("/login", data={"name": name, "password": password})


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("quillon", "/review"),
        ("ottilie", "/"),
        ("ursula", "/"),
        ("violet", "/"),
        ("percival", "/propose"),
        ("<i>hostile & sons</i>", "/review"),
    ],
)
def test_everybody_lands_on_their_first_page(name: str, home: str, visitors: dict[str, httpx.Client]) -> None:
    answer = visitors[name].get("/login")
    assert (answer.status_code, answer.headers["location"]) == (303, home)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(enter: Enter, ws: Workspace, password: str) -> None:
    answer = attempt(enter(""), "quillon", password)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{cookie_name(ws)}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie


def test_a_session_that_somebody_planted_is_not_taken_over(enter: Enter, ws: Workspace, password: str) -> None:
    client = enter("")
    client.cookies.set(cookie_name(ws), "planted-by-somebody")
    answer = attempt(client, "quillon", password)
    assert answer.cookies[cookie_name(ws)] != "planted-by-somebody"
    assert find_user(ws, "planted-by-somebody") is None


def test_logging_in_again_ends_the_old_session(enter: Enter, ws: Workspace, password: str) -> None:
    client = enter("quillon")
    old = client.cookies[cookie_name(ws)]
    assert attempt(client, "zebedee", password).status_code == 303
    assert find_user(ws, old) is None
    new = find_user(ws, client.cookies[cookie_name(ws)])
    assert new is not None
    assert new.name == "zebedee"


def test_after_logging_out_the_old_cookie_is_worth_nothing(enter: Enter, ws: Workspace) -> None:
    client = enter("quillon")
    token = client.cookies[cookie_name(ws)]
    answer = client.post("/logout")
    assert answer.headers["location"] == "/login"
    assert cookie_name(ws) not in client.cookies
    client.cookies.set(cookie_name(ws), token)
    assert client.get("/review").status_code == 303
    assert find_user(ws, token) is None


def test_whatever_is_wrong_the_answer_is_the_same(enter: Enter, ws: Workspace, password: str) -> None:
    disable_user(ws, "zebedee")
    client = enter("")
    tries = [("nobody", "wrong password"), ("quillon", "wrong password"), ("zebedee", password), ("local", password)]
    answers = [attempt(client, name, word) for name, word in tries]
    assert {answer.status_code for answer in answers} == {401}
    pages = {answer.text.replace(f'value="{name}"', "") for answer, (name, _) in zip(answers, tries, strict=True)}
    assert len(pages) == 1


def test_a_wrong_name_is_as_much_work_as_a_wrong_password(
    enter: Enter, ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each costs one hash of the same kind, memory and rounds, which is all that takes time."""
    change_password(ws, "quillon", "another long password")  # the one before was not hashed by regrade
    client, verify = enter(""), PasswordHasher.verify
    hashed: list[Parameters] = []

    def count(hasher: PasswordHasher, stored: str, password: str) -> bool:
        hashed.append(extract_parameters(stored))
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    for name in ("quillon", "nobody"):
        attempt(client, name, "wrong password")
    known, unknown = hashed
    assert unknown == known


def test_guessing_is_stopped(enter: Enter, password: str) -> None:
    client = enter("")
    codes = [attempt(client, "quillon", "wrong password").status_code for _ in range(MAX_ATTEMPTS)]
    assert codes == [401] * MAX_ATTEMPTS
    answer = attempt(client, "quillon", password)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "60"
    assert "Wait a minute" in answer.text
    scripted = client.post(
        "/login", data={"name": "quillon", "password": password}, headers={"accept": "application/json"}
    )
    assert scripted.json()["error"]["code"] == "too_many_attempts"


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/mistakes?status=open", "/mistakes?status=open"),
        ("/review", "/review"),
        ("/", "/login"),  # which leads on to the user's own first page
        ("//evil.example/", "/login"),
        ("/\\evil.example", "/login"),
        ("https://evil.example", "/login"),
        ("javascript:alert(1)", "/login"),
        ("/\t/evil.example", "/login"),
        ("", "/login"),
    ],
)
def test_logging_in_leads_only_to_pages_of_ours(target: str, location: str, enter: Enter, password: str) -> None:
    answer = enter("").post("/login", data={"name": "ursula", "password": password, "next": target})
    assert answer.headers["location"] == location


def test_a_hostile_name_is_shown_as_text(enter: Enter) -> None:
    client = enter("")
    answer = attempt(client, '"><script>alert(1)</script>', "wrong password")
    assert "<script>alert(1)" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text
    page = enter("<i>hostile & sons</i>").get("/review").text
    assert "<i>hostile" not in page
    assert "&lt;i&gt;hostile &amp; sons&lt;/i&gt;" in page


@pytest.fixture
def lonely(template: Path, tmp_path: Path) -> Path:
    """A workspace whose users are all disabled: nobody can log in by password."""
    folder = tmp_path / "lonely"
    shutil.copytree(template, folder)
    with open_workspace(folder) as workspace:
        for user in sorted(list_users(workspace), key=lambda user: Role.ADMIN in user.roles):  # the last admin last
            disable_user(workspace, user.name)
    return folder


def test_a_link_lets_the_local_user_in_once(
    lonely: Path, serve_folder: Callable[[Path], tuple[Workspace, str]]
) -> None:
    workspace, address = serve_folder(lonely)
    token = make_link(workspace)
    with httpx.Client(base_url=address, headers={"accept": "text/html"}) as client:
        assert "Nobody has a password yet" in client.get("/login").text
        answer = client.get(f"/enter?token={token}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert client.get("/publish").status_code == 200
        assert client.get(f"/enter?token={token}").status_code == 303  # who is in already is not turned away
    with httpx.Client(base_url=address, headers={"accept": "text/html"}) as client:
        answer = client.get(f"/enter?token={token}")
        assert answer.status_code == 401
        assert "has been used" in answer.text
        assert "set-cookie" not in answer.headers
        assert client.get("/publish").status_code == 303


def test_a_link_is_worth_nothing_once_there_are_users(
    lonely: Path, serve_folder: Callable[[Path], tuple[Workspace, str]], password: str
) -> None:
    workspace, address = serve_folder(lonely)
    token = make_link(workspace)
    add_user(workspace, "newcomer", password, [Role.REVIEWER])
    assert httpx.get(f"{address}/enter?token={token}").status_code == 401


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 5000, "%00"])
def test_a_made_up_link_is_refused(token: str, visitors: dict[str, httpx.Client]) -> None:
    assert visitors[""].get("/enter", params={"token": token}).status_code == 401
