"""Tokens: worth what their user is worth, and only as long."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.users import Role, User
from regrade.store import journal
from regrade.workflow import accounts, sessions, tokens
from regrade.workflow.workspace import Workspace
from tests.people import PASSWORD


def names(ws: Workspace, *given: str) -> list[str | None]:
    """The user of each token."""
    found = [tokens.find_token_user(ws, token) for token in given]
    return [None if user is None else user.name for user in found]


def test_a_token_is_its_users_until_it_is_revoked(ws: Workspace, people: dict[str, User]) -> None:
    first, second = tokens.make_token(ws, "ada", "notebook"), tokens.make_token(ws, "Ada", "cluster")
    assert names(ws, first, second, "regrade_", first[:-1], "") == ["ada", "ada", None, None, None]
    assert [token.label for token in tokens.list_tokens(ws, "ada")] == ["cluster", "notebook"]
    tokens.revoke_token(ws, "ada", "notebook")
    assert names(ws, first, second) == [None, "ada"]
    with pytest.raises(NotFoundError, match=r"has no token notebook\. There are: cluster\."):
        tokens.revoke_token(ws, "ada", "notebook")


def test_the_token_itself_is_nowhere(ws: Workspace, people: dict[str, User]) -> None:
    token = tokens.make_token(ws, "ada", "notebook")
    with ws.store.read() as tx:
        kept = [str(row) for table in ("tokens", "journal") for row in tx.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
        lines = journal.list_lines(tx, actions=["tokens.make"])
    assert len(token) > 40
    assert not [row for row in kept if token in row or token.removeprefix(tokens.TOKEN_PREFIX) in row]
    assert [(line.actor, line.facts) for line in lines] == [("ada", {"user": "ada", "label": "notebook"})]


@pytest.mark.parametrize("cause", ["disabled", "password changed"])
def test_tokens_end_with_the_sessions(ws: Workspace, people: dict[str, User], cause: str) -> None:
    token, other = tokens.make_token(ws, "ada", "notebook"), tokens.make_token(ws, "bo", "notebook")
    if cause == "disabled":
        accounts.disable_user(ws, "ada")
    else:
        accounts.change_password(ws, "ada", "another long password")
    assert names(ws, token, other) == [None, "bo"]
    assert tokens.list_tokens(ws, "ada") == ()


def test_who_may_not_enter_gets_none(ws: Workspace, people: dict[str, User]) -> None:
    accounts.disable_user(ws, "ada")
    with pytest.raises(ConflictError, match="ada may not enter"):
        tokens.make_token(ws, "ada", "notebook")
    with pytest.raises(NotFoundError, match="no user eve"):
        tokens.make_token(ws, "eve", "notebook")


def test_the_local_users_token_ends_when_somebody_has_a_password(ws: Workspace) -> None:
    sessions.make_link(ws)
    token = tokens.make_token(ws, accounts.LOCAL_USER, "notebook")
    assert names(ws, token) == ["local"]
    accounts.add_user(ws, "ada", PASSWORD, [Role.REVIEWER])
    assert names(ws, token) == [None]


@pytest.mark.parametrize("label", ["", " x", "a\nb", "x" * 101])
def test_labels_that_cannot_be_used_are_refused(ws: Workspace, people: dict[str, User], label: str) -> None:
    with pytest.raises(InputError, match="printable characters for the token"):
        tokens.make_token(ws, "ada", label)


def test_nobody_hoards_tokens(ws: Workspace, people: dict[str, User]) -> None:
    for number in range(tokens.MAX_TOKENS):
        tokens.make_token(ws, "ada", f"t{number}")
    with pytest.raises(ConflictError, match="ada has 50 tokens"):
        tokens.make_token(ws, "ada", "one more")
