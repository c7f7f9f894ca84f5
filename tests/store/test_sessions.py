"""Sessions, links and failed log-ins."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regrade.errors import NotFoundError
from regrade.records.users import Role
from regrade.store import Store, sessions, users

HOUR = timedelta(hours=1)


def test_a_session_lives_until_it_runs_out(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_session(tx, "d1", "ann", at, at + HOUR)
    with store.read() as tx:
        assert sessions.load_session(tx, "d1", at) == (users.load_user(tx, "ann"), at + HOUR)
        assert sessions.load_session(tx, "d1", at + HOUR - timedelta(microseconds=1)) is not None
        assert sessions.load_session(tx, "d1", at + HOUR) is None
        assert sessions.load_session(tx, "d2", at) is None


def test_a_session_knows_its_user_s_roles_as_they_are_now(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_session(tx, "d1", "ann", at, at + HOUR)
        for roles in (frozenset({Role.REVIEWER, Role.ADMIN}), frozenset()):
            users.save_roles(tx, "ann", roles)
            session = sessions.load_session(tx, "d1", at)
            assert session is not None
            assert session.user.roles == roles


def test_a_session_ends(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for digest, user in (("d1", "ann"), ("d2", "ann"), ("d3", "bob"), ("d4", "bob")):
            sessions.save_session(tx, digest, user, at, at + HOUR)
        sessions.delete_session(tx, "d4")
        sessions.delete_session(tx, "never")
        sessions.delete_user_sessions(tx, "ann")
        left = [digest for digest in ("d1", "d2", "d3", "d4") if sessions.load_session(tx, digest, at)]
    assert left == ["d3"]


def test_sessions_that_ran_out_are_forgotten(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_session(tx, "d1", "ann", at, at + HOUR)
        sessions.save_session(tx, "d2", "ann", at + 2 * HOUR, at + 3 * HOUR)
        # Asked for the time when it still lived: it is gone.
        assert sessions.load_session(tx, "d1", at) is None
        assert sessions.load_session(tx, "d2", at) is not None


def test_a_link_lets_in_once(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_link(tx, "l1", "ann", at, at + HOUR)
        sessions.save_link(tx, "l2", "bob", at, at + HOUR)
        assert sessions.take_link(tx, "l1", at) == "ann"
        assert sessions.take_link(tx, "l1", at) is None
        assert sessions.take_link(tx, "never", at) is None
        assert sessions.take_link(tx, "l2", at) == "bob"


def test_a_link_runs_out(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_link(tx, "l1", "ann", at, at + HOUR)
        assert sessions.take_link(tx, "l1", at + HOUR) is None
        # And has been used up by that.
        assert sessions.take_link(tx, "l1", at) is None


def test_nobody_unknown_gets_a_session_or_a_link(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for save in (sessions.save_session, sessions.save_link):
            with pytest.raises(NotFoundError, match="no user eve"):
                save(tx, "d", "eve", at, at + HOUR)
        with pytest.raises(NotFoundError, match="no user eve"):
            sessions.delete_user_sessions(tx, "eve")


def test_attempts_are_counted_by_account_and_address(store: Store, at: datetime) -> None:
    with store.write() as tx:
        for account, address, minutes in (("ann", "1", 0), ("ANN", "2", 1), ("nobody", "1", 2)):
            sessions.save_attempt(tx, account, address, at + timedelta(minutes=minutes))
    with store.read() as tx:
        assert sessions.count_attempts(tx, account="Ann", since=at) == 2
        assert sessions.count_attempts(tx, account="ann", since=at + timedelta(seconds=1)) == 1
        assert sessions.count_attempts(tx, address="1", since=at) == 2
        assert sessions.count_attempts(tx, account="ann", address="1", since=at) == 1
        assert sessions.count_attempts(tx, since=at) == 3


def test_old_attempts_are_forgotten(store: Store, at: datetime) -> None:
    with store.write() as tx:
        sessions.save_attempt(tx, "ann", "1", at)
        sessions.save_attempt(tx, "ann", "1", at + timedelta(days=1))
        assert sessions.count_attempts(tx, since=at) == 2
        sessions.save_attempt(tx, "ann", "1", at + timedelta(days=1, seconds=1))
        assert sessions.count_attempts(tx, since=at) == 2
