"""`regrade users`."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def _type(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_user_is_added_listed_and_disabled(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, f"{PASSWORD}\n")
    added = regrade("users", "add", "ann", "--role", "reviewer", "--role", "adjudicator", "--password-stdin")
    assert added.out == "ann: adjudicator, reviewer\n"
    assert regrade("users", "list").rows[1].startswith("ann password adjudicator, reviewer active ")
    assert regrade("users", "disable", "ann").out == "ann: disabled\n"
    listed = regrade("users", "list", "--json").json[0]
    assert (listed["name"], listed["roles"], listed["disabled"]) == ("ann", ["adjudicator", "reviewer"], True)
    assert "password_hash" not in listed


def test_no_password_is_ever_printed(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, f"{PASSWORD}\n")
    added = regrade("users", "add", "ann", "--role", "admin", "--password-stdin")
    _type(monkeypatch, "short\n")
    refused = regrade("users", "add", "bob", "--role", "admin", "--password-stdin", code=1)
    assert PASSWORD not in added.out + added.err
    assert "short" not in refused.out + refused.err


def test_a_password_can_be_changed(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, f"{PASSWORD}\n")
    regrade("users", "add", "ann", "--role", "reviewer", "--password-stdin")
    _type(monkeypatch, "another long password\n")
    assert regrade("users", "password", "ann", "--password-stdin").out == "ann: password changed\n"


def test_a_role_must_be_given_and_known(regrade: Regrade) -> None:
    assert "--role" in regrade("users", "add", "ann", code=2).err
    assert "boss" in regrade("users", "add", "ann", "--role", "boss", code=2).err


def test_an_unknown_user_is_an_error(regrade: Regrade) -> None:
    assert "nobody" in regrade("users", "disable", "nobody", code=1).err


def test_a_name_is_taken_once(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, f"{PASSWORD}\n{PASSWORD}\n")
    regrade("users", "add", "ann", "--role", "reviewer", "--password-stdin")
    assert "ann" in regrade("users", "add", "ann", "--role", "admin", "--password-stdin", code=1).err
    assert len(regrade("users", "list", "--json").json) == 1


def test_the_prompt_wants_the_same_twice(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, "something else"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    assert "the same password twice" in regrade("users", "add", "ann", "--role", "reviewer", code=1).err
    answers = iter([PASSWORD, PASSWORD])
    assert regrade("users", "add", "ann", "--role", "reviewer").out == "ann: reviewer\n"


def test_without_users_it_says_what_to_do(regrade: Regrade) -> None:
    assert "regrade users add" in regrade("users", "list").err
