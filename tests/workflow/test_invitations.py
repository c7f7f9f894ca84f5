"""Invitations: one link, one password, once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.users import Role, User
from regrade.store import journal
from regrade.workflow import accounts, clock, invitations, sessions
from regrade.workflow.invitations import (
    NewInvitation,
    accept_invitation,
    find_invitation,
    invite_user,
    renew_invitation,
)
from regrade.workflow.workspace import Workspace
from tests.people import PASSWORD

USED = r"^This link has been used or has run out\. Ask an admin for a new one\.$"


def works(ws: Workspace, invitation: NewInvitation) -> bool:
    """Whether a link is still worth something; looking does not use it up."""
    try:
        return find_invitation(ws, invitation.secret, address="1").user == invitation.user
    except sessions.LoginError:
        return False


def name_of(ws: Workspace, token: str) -> str | None:
    """Whose session it is."""
    user = sessions.find_user(ws, token)
    return None if user is None else user.name


def test_who_is_invited_chooses_a_password_and_is_in(ws: Workspace, people: dict[str, User]) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER, Role.PROPOSER], by="root")
    for _ in range(2):  # looking at the form uses nothing up
        assert find_invitation(ws, invitation.secret, address="1").user == "eve"
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "eve", PASSWORD, "127.0.0.1")
    token = accept_invitation(ws, invitation.secret, PASSWORD, address="1")
    user = sessions.find_user(ws, token)
    assert user is not None
    assert (user.name, user.roles) == ("eve", frozenset({Role.REVIEWER, Role.PROPOSER}))
    assert sessions.log_in(ws, "eve", PASSWORD, "127.0.0.1")
    with pytest.raises(sessions.LoginError, match=USED):
        accept_invitation(ws, invitation.secret, "another long password", address="1")


def test_a_link_opened_twice_at_once_lets_in_once(ws: Workspace, people: dict[str, User]) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER])
    start = threading.Barrier(8)

    def accept(number: int) -> str | None:
        start.wait()
        try:
            token = accept_invitation(ws, invitation.secret, f"long password {number}", address="1")
        except sessions.LoginError:
            return None
        assert name_of(ws, token) == "eve"
        return f"long password {number}"

    with ThreadPoolExecutor(8) as pool:
        (password,) = [found for found in pool.map(accept, range(8)) if found]
    assert sessions.log_in(ws, "eve", password, "127.0.0.1")


def test_a_link_runs_out(ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER])
    assert invitation.expires_at - clock.now() > invitations.INVITATION_TIME - timedelta(minutes=1)
    monkeypatch.setattr(invitations, "now", lambda: invitation.expires_at)
    with pytest.raises(sessions.LoginError, match=USED):
        find_invitation(ws, invitation.secret, address="1")
    with pytest.raises(sessions.LoginError, match=USED):
        accept_invitation(ws, invitation.secret, PASSWORD, address="1")


def test_a_link_that_never_was_gets_the_same_words(ws: Workspace, people: dict[str, User]) -> None:
    for secret in ("", "x" * 43, "\ud800"):
        with pytest.raises(sessions.LoginError, match=USED):
            find_invitation(ws, secret, address="1")


def test_five_bad_links_a_minute_are_enough(
    ws: Workspace, people: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER])
    for _ in range(sessions.MAX_ATTEMPTS):
        with pytest.raises(sessions.LoginError, match=USED):
            find_invitation(ws, "x" * 43, address="1")
    with pytest.raises(sessions.TooManyAttemptsError, match="Too many failed attempts"):
        find_invitation(ws, "x" * 43, address="1")
    with pytest.raises(sessions.TooManyAttemptsError, match="Too many"):
        sessions.log_in(ws, "ada", PASSWORD, "1")
    assert works(ws, invitation)  # somebody else behind the same address may have sent the others
    with ws.store.read() as tx:
        lines = journal.list_lines(tx, actions=["invitations.refused"])
    assert len(lines) == sessions.MAX_ATTEMPTS  # the sixth is not written down: nobody fills the journal
    later = clock.now() + timedelta(seconds=61)
    monkeypatch.setattr(sessions, "now", lambda: later)
    with pytest.raises(sessions.LoginError, match=USED):
        find_invitation(ws, "x" * 43, address="1")


def test_a_bad_password_leaves_the_link(ws: Workspace, people: dict[str, User]) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER])
    with pytest.raises(InputError, match="10 to 1000"):
        accept_invitation(ws, invitation.secret, "short", address="1")
    assert works(ws, invitation)


def test_a_new_link_ends_the_one_before(ws: Workspace, people: dict[str, User]) -> None:
    first = invite_user(ws, "eve", [Role.REVIEWER])
    second = renew_invitation(ws, "Eve")
    assert (works(ws, first), works(ws, second)) == (False, True)


def test_who_forgot_the_password_gets_a_link_too(ws: Workspace, people: dict[str, User]) -> None:
    old = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    invitation = renew_invitation(ws, "ada", by="root")
    assert name_of(ws, old) == "ada"  # nothing has changed yet
    new = accept_invitation(ws, invitation.secret, "another long password", address="1")
    assert (name_of(ws, old), name_of(ws, new)) == (None, "ada")
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")


@pytest.mark.parametrize("cause", ["disabled", "password changed"])
def test_a_link_ends_with_what_else_lets_the_user_in(ws: Workspace, people: dict[str, User], cause: str) -> None:
    invitation = renew_invitation(ws, "ada")
    if cause == "disabled":
        accounts.disable_user(ws, "ada")
        accounts.enable_user(ws, "ada")
    else:
        accounts.change_password(ws, "ada", "another long password")
    assert not works(ws, invitation)


def test_who_cannot_enter_by_a_password_gets_no_link(ws: Workspace, people: dict[str, User]) -> None:
    accounts.disable_user(ws, "ada")
    with pytest.raises(ConflictError, match=r"ada is disabled\. Enable the user first\."):
        renew_invitation(ws, "ada")
    with pytest.raises(NotFoundError, match="no user eve"):
        renew_invitation(ws, "eve")
    with pytest.raises(ConflictError, match="name Ada is taken"):
        invite_user(ws, "Ada", [Role.REVIEWER])
    with pytest.raises(InputError, match="a name of"):
        invite_user(ws, "local", [Role.REVIEWER])


def test_the_local_user_invites_an_admin_first(ws: Workspace) -> None:
    assert sessions.open_link(ws, sessions.make_link(ws))
    with pytest.raises(ConflictError, match=r"Once eve has a password .* nobody could manage users\. Invite an admin"):
        invite_user(ws, "eve", [Role.REVIEWER])
    assert [user.name for user in accounts.list_users(ws)] == ["local"]
    admin = invite_user(ws, "zoe", [Role.ADMIN])
    assert sessions.make_link(ws)  # nobody has a password yet
    invite_user(ws, "eve", [Role.REVIEWER])
    accept_invitation(ws, admin.secret, PASSWORD, address="1")
    with pytest.raises(ConflictError, match="This workspace has users"):
        sessions.make_link(ws)


def test_the_secret_is_nowhere(ws: Workspace, people: dict[str, User]) -> None:
    invitation = invite_user(ws, "eve", [Role.REVIEWER])
    with ws.store.read() as tx:
        kept = [str(row) for table in ("invitations", "journal") for row in tx.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608
    assert len(kept) > 1
    assert not [row for row in kept if invitation.secret in row]
    assert invitation.path == f"/invitation?token={invitation.secret}"
