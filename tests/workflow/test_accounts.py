"""Accounts: who takes part, and who may say so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.records.users import Role, User
from regrade.store import journal
from regrade.workflow import accounts, sessions
from regrade.workflow.cases import make_cases
from regrade.workflow.invitations import invite_user
from regrade.workflow.judgements import import_judgements
from regrade.workflow.workspace import Workspace
from tests.people import PASSWORD
from tests.workflow.conftest import give, set_protocol, undo, write_judgements


def roles_of(ws: Workspace, name: str) -> frozenset[Role]:
    """The roles of a user as they are stored."""
    return next(user.roles for user in accounts.list_users(ws) if user.name == name)


@pytest.mark.parametrize("name", ["", " ada", "a\nb", "x" * 101, "a,b", "local", "ａda", "\u202ename"])
def test_names_that_cannot_be_used_are_refused(ws: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="a name of"):
        accounts.add_user(ws, name, PASSWORD, [Role.REVIEWER])


def test_a_name_is_the_same_however_its_accents_are_typed(ws: Workspace) -> None:
    assert accounts.add_user(ws, "Zoe\u0308", PASSWORD, [Role.REVIEWER]).name == "Zo\u00eb"
    with pytest.raises(ConflictError, match="Zo\u00eb is taken"):
        accounts.add_user(ws, "Zo\u00eb", PASSWORD, [Role.REVIEWER])


def test_a_short_password_is_refused(ws: Workspace) -> None:
    with pytest.raises(InputError, match="10 to 1000"):
        accounts.add_user(ws, "ada", "short", [Role.REVIEWER])


def test_a_taken_name_is_refused_whatever_its_case(ws: Workspace, people: dict[str, User]) -> None:
    with pytest.raises(ConflictError, match="Ada"):
        accounts.add_user(ws, "Ada", PASSWORD, [Role.REVIEWER])


def test_roles_change_from_the_next_request_on(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    changed = accounts.change_roles(ws, "Ada", [Role.VIEWER, Role.PROPOSER], by="root")
    assert changed.roles == {Role.VIEWER, Role.PROPOSER}
    user = sessions.find_user(ws, token)
    assert user is not None
    assert user.roles == {Role.VIEWER, Role.PROPOSER}
    with ws.store.read() as tx:
        (line,) = journal.list_lines(tx, actions=["users.roles"])
    assert (line.actor, line.facts) == (
        "root",
        {"user": "ada", "before": ["reviewer"], "after": ["proposer", "viewer"]},
    )


def test_a_blind_reviewer_is_no_viewer(ws: Workspace, people: dict[str, User]) -> None:
    both = [Role.REVIEWER, Role.VIEWER]
    for call in (
        lambda: accounts.change_roles(ws, "ada", both),
        lambda: accounts.add_user(ws, "eve", PASSWORD, both),
        lambda: invite_user(ws, "eve", both),
    ):
        with pytest.raises(InputError, match="a viewer or a reviewer; got both"):
            call()
    assert roles_of(ws, "ada") == {Role.REVIEWER}
    set_protocol(ws, blind_model=False, blind_roles=False, blind_peers=False, blind_suggestions=False)
    assert accounts.change_roles(ws, "ada", both).roles == set(both)


def test_a_user_has_at_least_one_role(ws: Workspace, people: dict[str, User]) -> None:
    with pytest.raises(InputError, match="at least one role"):
        accounts.change_roles(ws, "ada", [])
    with pytest.raises(InputError, match="at least one role"):
        accounts.add_user(ws, "eve", PASSWORD, [])


def test_a_disabled_user_comes_back_without_sessions(ws: Workspace, people: dict[str, User]) -> None:
    token = sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")
    accounts.disable_user(ws, "ada")
    accounts.enable_user(ws, "ADA", by="root")
    assert sessions.find_user(ws, token) is None
    assert sessions.log_in(ws, "ada", PASSWORD, "127.0.0.1")


def test_the_last_admin_stays(ws: Workspace, people: dict[str, User]) -> None:
    invite_user(ws, "eve", [Role.ADMIN])  # has no password yet, so she does not count
    for call in (
        lambda: accounts.disable_user(ws, "root"),
        lambda: accounts.change_roles(ws, "root", [Role.REVIEWER]),
    ):
        with pytest.raises(ConflictError, match=r"Nobody would be left who may manage users\. Make somebody else"):
            call()
    assert roles_of(ws, "root") == {Role.ADMIN}
    assert sessions.log_in(ws, "root", PASSWORD, "127.0.0.1")
    accounts.change_password(ws, "eve", PASSWORD)
    accounts.disable_user(ws, "root")
    with pytest.raises(ConflictError, match="Nobody would be left"):
        accounts.disable_user(ws, "eve")


def test_two_admins_who_put_each_other_out_leave_one(ws: Workspace, people: dict[str, User]) -> None:
    accounts.change_roles(ws, "jude", [Role.ADMIN])

    def put_out(name: str) -> bool:
        try:
            accounts.disable_user(ws, name)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(put_out, ["jude", "root"])) == [False, True]


def test_when_all_are_out_the_one_time_link_works_again(ws: Workspace, people: dict[str, User]) -> None:
    for name in ("ada", "bo", "jude", "root"):  # the admin last: until then somebody could not be let in again
        accounts.disable_user(ws, name)
    assert not accounts.has_users(ws)
    assert sessions.open_link(ws, sessions.make_link(ws))


def test_who_is_unknown_or_enters_otherwise_cannot_be_changed(ws: Workspace) -> None:
    sessions.make_link(ws)
    with pytest.raises(ConflictError, match="local does not log in with a password"):
        accounts.change_roles(ws, "local", [Role.REVIEWER])
    with pytest.raises(ConflictError, match="local does not log in with a password"):
        accounts.change_password(ws, "local", PASSWORD)
    for call in (
        lambda: accounts.disable_user(ws, "eve"),
        lambda: accounts.enable_user(ws, "eve"),
        lambda: accounts.change_roles(ws, "eve", [Role.ADMIN]),
        lambda: accounts.change_password(ws, "eve", PASSWORD),
    ):
        with pytest.raises(NotFoundError, match="no user eve"):
            call()


def test_accounts_tell_state_last_visit_and_answers(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    give(ws, people["ada"], {})
    give(ws, people["ada"], {})
    undo(ws, people["ada"])
    import_judgements(ws, write_judgements(ws, {0: 1, 3: 2}), by="elsewhere")
    with pytest.raises(sessions.LoginError, match="do not match"):
        sessions.log_in(ws, "bo", "wrong password", "127.0.0.1")
    invitation = invite_user(ws, "eve", [Role.VIEWER])
    rows = {row.user.name: row for row in accounts.list_accounts(ws)}
    # Ada answered two screens and took one back; the panel elsewhere gave two judgements.
    assert {name: row.n_screens for name, row in rows.items()} == {
        "ada": 1,
        "bo": 0,
        "elsewhere": 2,
        "eve": 0,
        "jude": 0,
        "root": 0,
    }
    assert [name for name, row in rows.items() if row.last_seen] == ["ada", "elsewhere"]
    assert [name for name, row in rows.items() if row.has_password] == ["ada", "bo", "jude", "root"]
    assert {name: row.invited_until for name, row in rows.items() if row.invited_until} == {
        "eve": invitation.expires_at
    }
