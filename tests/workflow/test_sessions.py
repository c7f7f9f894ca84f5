"""Sessions: who enters, who does not, and for how long."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from regrade.errors import ConflictError, InputError
from regrade.records.users import Role, User
from regrade.store import settings
from regrade.workflow import accounts, clock, sessions
from regrade.workflow.credentials import verify_password
from regrade.workflow.workspace import Workspace, open_workspace
from tests.people import PASSWORD


def test_a_session_is_worth_something_until_log_out(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    user = sessions.find_user(ws, token)
    assert user is not None
    assert (user.name, user.roles) == ("ada", frozenset({Role.REVIEWER}))
    sessions.log_out(ws, token)
    assert sessions.find_user(ws, token) is None


def test_who_was_found_is_known_until_something_is_committed(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    assert sessions.recall_user(ws, token) is None
    user = sessions.find_user(ws, token)
    assert user is not None
    assert sessions.recall_user(ws, token) == user
    assert sessions.recall_user(ws, f"{token}x") is None
    with ws.store.write() as tx:
        settings.save_setting(tx, "a", "1")
    assert sessions.recall_user(ws, token) is None
    assert sessions.find_user(ws, token) == user
    assert sessions.recall_user(ws, token) == user


def test_another_process_ends_what_is_known_of_a_session(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    assert sessions.find_user(ws, token) is not None
    with open_workspace(ws.folder) as beside:
        accounts.disable_user(beside, "ada")
    assert sessions.recall_user(ws, token) is None
    assert sessions.find_user(ws, token) is None
    assert sessions.recall_user(ws, token) is None


def test_what_is_known_of_a_session_ends_with_it(
    ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    assert sessions.find_user(ws, token) is not None
    later = clock.now() + sessions.SESSION_TIME
    monkeypatch.setattr(sessions, "now", lambda: later - timedelta(minutes=1))
    assert sessions.recall_user(ws, token) is not None
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert sessions.recall_user(ws, token) is None


def test_every_log_in_gets_a_session_of_its_own(ws: Workspace, people: dict[str, User]) -> None:
    assert sessions.log_in(ws, "ada", PASSWORD, "a") != sessions.log_in(ws, "ada", PASSWORD, "a")


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "wrong password"), ("nobody", PASSWORD), ("", ""), ("jude", "x")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_words(
    ws: Workspace, people: dict[str, User], name: str, password: str
) -> None:
    with pytest.raises(sessions.LoginError, match=r"^Name and password do not match\. Check both, or ask an admin\.$"):
        sessions.log_in(ws, name, password, "127.0.0.1")


def test_a_disabled_user_is_out_at_once(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    accounts.disable_user(ws, "ada")
    assert sessions.find_user(ws, token) is None
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")


def test_a_new_password_ends_all_sessions(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    accounts.change_password(ws, "ada", "another long password")
    assert sessions.find_user(ws, token) is None
    assert sessions.log_in(ws, "ada", "another long password", "127.0.0.1")


@pytest.mark.parametrize(("names", "addresses"), [(["ada"] * 5, "abcde"), (["a", "b", "c", "d", "e"], "zzzzz")])
def test_five_failures_a_minute_are_enough(
    ws: Workspace,
    people: dict[str, User],
    names: list[str],
    addresses: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, address in zip(names, addresses, strict=True):
        with pytest.raises(sessions.LoginError, match="do not match"):
            sessions.log_in(ws, name, "wrong password", address)
    with pytest.raises(sessions.TooManyAttemptsError, match="Too many"):
        sessions.log_in(ws, "ada", PASSWORD, addresses[-1])
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert sessions.log_in(ws, "ada", PASSWORD, addresses[-1])


def test_guesses_sent_at_once_are_counted_like_others(ws: Workspace, people: dict[str, User]) -> None:
    start = threading.Barrier(12)

    def guess(number: int) -> str:
        start.wait()
        with pytest.raises((sessions.LoginError, sessions.TooManyAttemptsError)) as refused:
            sessions.log_in(ws, "ada", f"wrong password {number}", "127.0.0.1")
        return refused.typename

    with ThreadPoolExecutor(12) as pool:
        found = Counter(pool.map(guess, range(12)))
    assert found == {"LoginError": sessions.MAX_ATTEMPTS, "TooManyAttemptsError": 7}


def test_a_session_runs_out(ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    later = clock.now() + sessions.SESSION_TIME + timedelta(seconds=1)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert sessions.find_user(ws, token) is None


def test_the_local_link_works_once_and_gives_all_roles(ws: Workspace) -> None:
    link = sessions.make_link(ws)
    user = sessions.find_user(ws, sessions.open_link(ws, link))
    assert user is not None
    assert (user.name, user.roles) == ("local", frozenset(Role))
    with pytest.raises(sessions.LoginError, match="has been used"):
        sessions.open_link(ws, link)


def test_there_is_no_link_once_there_are_users(ws: Workspace) -> None:
    link = sessions.make_link(ws)
    accounts.add_user(ws, "ada", PASSWORD, [Role.REVIEWER])
    with pytest.raises(ConflictError, match="log in"):
        sessions.make_link(ws)
    with pytest.raises(sessions.LoginError, match="has been used"):
        sessions.open_link(ws, link)


def test_ones_own_password_is_changed_by_who_knows_the_present_one(ws: Workspace, people: dict[str, User]) -> None:
    before = [sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1") for _ in range(2)]
    other = sessions.log_in(ws, "bo", PASSWORD, "127.0.0.1")
    after = sessions.change_own_password(ws, people["ada"], PASSWORD, "another long password", "127.0.0.1")
    found = [sessions.find_user(ws, token) for token in (*before, after, other)]
    assert [None if user is None else user.name for user in found] == [None, None, "ada", "bo"]
    assert sessions.log_in(ws, "ada", "another long password", "127.0.0.1")
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")


def test_a_stolen_session_is_no_way_to_guess_the_password(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    for number in range(sessions.MAX_ATTEMPTS):
        with pytest.raises(sessions.LoginError, match="do not match"):
            sessions.change_own_password(ws, people["ada"], f"guess number {number}", "another long password", "x")
    with pytest.raises(sessions.TooManyAttemptsError, match="Too many"):
        sessions.change_own_password(ws, people["ada"], PASSWORD, "another long password", "y")
    assert sessions.find_user(ws, token) is not None


def test_a_bad_new_password_changes_nothing(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    with pytest.raises(InputError, match="10 to 1000"):
        sessions.change_own_password(ws, people["ada"], PASSWORD, "short", "127.0.0.1")
    assert sessions.find_user(ws, token) is not None


@pytest.mark.parametrize("cause", ["disabled", "password changed"])
def test_who_is_put_out_while_the_password_is_checked_stays_out(
    ws: Workspace, people: dict[str, User], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:

    def check_slowly(stored: str | None, password: str) -> bool:
        found = verify_password(stored, password)
        if cause == "disabled":
            accounts.disable_user(ws, "ada")
        else:
            accounts.change_password(ws, "ada", "another long password")
        return found

    monkeypatch.setattr("regrade.workflow.sessions.verify_password", check_slowly)
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")


def test_the_local_users_session_ends_when_somebody_has_a_password(ws: Workspace) -> None:
    session = sessions.open_link(ws, sessions.make_link(ws))
    accounts.add_user(ws, "ada", PASSWORD, [Role.ADMIN])
    assert sessions.find_user(ws, session) is None
