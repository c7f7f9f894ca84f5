"""Accounts: who enters, who does not."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from regrade.errors import ConflictError, InputError
from regrade.records.users import Role, User
from regrade.workflow import accounts, clock
from regrade.workflow.workspace import Workspace

PASSWORD = "correct horse battery"


def test_a_session_is_worth_something_until_log_out(ws: Workspace, people: dict[str, User]) -> None:
    token = accounts.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    user = accounts.find_user(ws, token)
    assert user is not None
    assert (user.name, user.roles) == ("ada", frozenset({Role.REVIEWER}))
    accounts.log_out(ws, token)
    assert accounts.find_user(ws, token) is None


def test_every_log_in_gets_a_session_of_its_own(ws: Workspace, people: dict[str, User]) -> None:
    assert accounts.log_in(ws, "ada", PASSWORD, "a") != accounts.log_in(ws, "ada", PASSWORD, "a")


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "wrong password"), ("nobody", PASSWORD), ("", ""), ("jude", "x")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_words(
    ws: Workspace, people: dict[str, User], name: str, password: str
) -> None:
    with pytest.raises(accounts.LoginError, match=r"^Name and password do not match\. Check both, or ask an admin\.$"):
        accounts.log_in(ws, name, password, "127.0.0.1")


def test_a_disabled_user_is_out_at_once(ws: Workspace, people: dict[str, User]) -> None:
    token = accounts.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    accounts.disable_user(ws, "ada")
    assert accounts.find_user(ws, token) is None
    with pytest.raises(accounts.LoginError, match="do not match"):
        accounts.log_in(ws, "ada", PASSWORD, "127.0.0.1")


def test_a_new_password_ends_all_sessions(ws: Workspace, people: dict[str, User]) -> None:
    token = accounts.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    accounts.change_password(ws, "ada", "another long password")
    assert accounts.find_user(ws, token) is None
    assert accounts.log_in(ws, "ada", "another long password", "127.0.0.1")


@pytest.mark.parametrize(("names", "addresses"), [(["ada"] * 5, "abcde"), (["a", "b", "c", "d", "e"], "zzzzz")])
def test_five_failures_a_minute_are_enough(
    ws: Workspace,
    people: dict[str, User],
    names: list[str],
    addresses: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, address in zip(names, addresses, strict=True):
        with pytest.raises(accounts.LoginError, match="do not match"):
            accounts.log_in(ws, name, "wrong password", address)
    with pytest.raises(accounts.TooManyAttemptsError, match="Too many"):
        accounts.log_in(ws, "ada", PASSWORD, addresses[-1])
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(accounts, "now", lambda: later)
    assert accounts.log_in(ws, "ada", PASSWORD, addresses[-1])


def test_guesses_sent_at_once_are_counted_like_others(ws: Workspace, people: dict[str, User]) -> None:
    start = threading.Barrier(12)

    def guess(number: int) -> str:
        start.wait()
        with pytest.raises((accounts.LoginError, accounts.TooManyAttemptsError)) as refused:
            accounts.log_in(ws, "ada", f"wrong password {number}", "127.0.0.1")
        return refused.typename

    with ThreadPoolExecutor(12) as pool:
        found = Counter(pool.map(guess, range(12)))
    assert found == {"LoginError": accounts.MAX_ATTEMPTS, "TooManyAttemptsError": 7}


def test_a_session_runs_out(ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    token = accounts.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    later = clock.now() + accounts.SESSION_TIME + timedelta(seconds=1)
    monkeypatch.setattr(accounts, "now", lambda: later)
    assert accounts.find_user(ws, token) is None


def test_the_local_link_works_once_and_gives_all_roles(ws: Workspace) -> None:
    link = accounts.make_link(ws)
    user = accounts.find_user(ws, accounts.open_link(ws, link))
    assert user is not None
    assert (user.name, user.roles) == ("local", frozenset(Role))
    with pytest.raises(accounts.LoginError, match="has been used"):
        accounts.open_link(ws, link)


def test_there_is_no_link_once_there_are_users(ws: Workspace) -> None:
    link = accounts.make_link(ws)
    accounts.add_user(ws, "ada", PASSWORD, [Role.REVIEWER])
    with pytest.raises(ConflictError, match="log in"):
        accounts.make_link(ws)
    with pytest.raises(accounts.LoginError, match="has been used"):
        accounts.open_link(ws, link)


@pytest.mark.parametrize("name", ["", " ada", "a\nb", "x" * 101, "a,b", "local", "ａda", "\u202ename"])
def test_names_that_cannot_be_used_are_refused(ws: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="a name of"):
        accounts.add_user(ws, name, PASSWORD, [Role.REVIEWER])


def test_a_short_password_is_refused(ws: Workspace) -> None:
    with pytest.raises(InputError, match="10 to 1000"):
        accounts.add_user(ws, "ada", "short", [Role.REVIEWER])


def test_a_taken_name_is_refused_whatever_its_case(ws: Workspace, people: dict[str, User]) -> None:
    with pytest.raises(ConflictError, match="Ada"):
        accounts.add_user(ws, "Ada", PASSWORD, [Role.REVIEWER])
