"""`regrade users`."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from regrade.workflow.invitations import accept_invitation
from regrade.workflow.sessions import LoginError
from regrade.workflow.tokens import find_token_user
from regrade.workflow.workspace import open_workspace
from tests.cli.conftest import Regrade
from tests.people import PASSWORD


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


def test_roles_change_and_a_disabled_user_comes_back(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, f"{PASSWORD}\n")
    regrade("users", "add", "ann", "--role", "reviewer", "--password-stdin")
    assert regrade("users", "roles", "ann", "--role", "viewer", "--role", "proposer").out == "ann: proposer, viewer\n"
    regrade("users", "disable", "ann")
    assert regrade("users", "enable", "ann").out == "ann: enabled\n"
    assert regrade("users", "list", "--json").json[0]["state"] == "active"
    assert (
        "a viewer or a reviewer"
        in regrade("users", "roles", "ann", "--role", "viewer", "--role", "reviewer", code=1).err
    )
    assert "--role" in regrade("users", "roles", "ann", code=2).err


def test_the_last_admin_stays(regrade: Regrade, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, role in (("ann", "admin"), ("bob", "reviewer")):
        _type(monkeypatch, f"{PASSWORD}\n")
        regrade("users", "add", name, "--role", role, "--password-stdin")
    assert "Nobody would be left who may manage users" in regrade("users", "disable", "ann", code=1).err
    assert "Nobody would be left" in regrade("users", "roles", "ann", "--role", "reviewer", code=1).err


def test_somebody_is_invited_by_a_link_on_stdout(regrade: Regrade, bakery: Path) -> None:
    first = regrade("users", "invite", "ann", "--role", "admin")
    assert re.fullmatch(r"http://127\.0\.0\.1:8321/invitation\?token=[\w-]{43}\n", first.out)
    assert "Send this link to ann. It works once, until 20" in first.err
    listed = regrade("users", "list", "--json").json[0]
    assert (listed["state"], listed["last_seen"], listed["n_screens"]) == ("invited", None, 0)
    assert listed["invited_until"].startswith("20")
    second = regrade("users", "invite", "ann", "--address", "https://panel.example/")
    assert second.out.startswith("https://panel.example/invitation?token=")
    with open_workspace(bakery) as ws, pytest.raises(LoginError, match="has been used"):
        accept_invitation(ws, first.out.strip().partition("=")[2], PASSWORD, address="1")
    with open_workspace(bakery) as ws:
        assert accept_invitation(ws, second.out.strip().partition("=")[2], PASSWORD, address="1")
    assert regrade("users", "list", "--json").json[0]["state"] == "active"
    said = regrade("users", "invite", "bob", code=1).err
    assert "no user bob" in said
    assert "--role reviewer" in said
    said = regrade("users", "invite", "ANN", "--role", "reviewer", code=1).err
    assert said.startswith("error: There is a user ANN already.\nLeave out --role for a new link;")


def test_a_token_is_printed_once_listed_and_revoked(
    regrade: Regrade, bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _type(monkeypatch, f"{PASSWORD}\n")
    regrade("users", "add", "ann", "--role", "reviewer", "--password-stdin")
    made = regrade("users", "token", "ann", "notebook")
    token = made.out.strip()
    assert re.fullmatch(r"regrade_[\w-]{43}", token)
    assert "not shown again" in made.err
    regrade("users", "token", "ann")
    assert [row["label"] for row in regrade("users", "tokens", "ann", "--json").json] == ["default", "notebook"]
    assert token not in regrade("users", "tokens", "ann").out
    with open_workspace(bakery) as ws:
        user = find_token_user(ws, token)
        assert user is not None
        assert user.name == "ann"
    assert regrade("users", "revoke", "ann", "notebook").out == "ann: token notebook revoked\n"
    with open_workspace(bakery) as ws:
        assert find_token_user(ws, token) is None
    assert "has no token notebook" in regrade("users", "revoke", "ann", "notebook", code=1).err


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
