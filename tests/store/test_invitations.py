"""Invitations under their digests."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regrade.errors import NotFoundError
from regrade.records.users import Invitation
from regrade.store import Store, invitations

HOUR = timedelta(hours=1)


def test_an_invitation_is_looked_at_often_and_taken_once(store: Store, at: datetime) -> None:
    with store.write() as tx:
        invitations.save_invitation(tx, "i1", "ann", at, at + HOUR)
        invitations.save_invitation(tx, "i2", "bob", at, at + HOUR)
    with store.write() as tx:
        for _ in range(2):
            assert invitations.load_invitation(tx, "i1", at) == Invitation("ann", at + HOUR)
        assert invitations.load_invitation(tx, "never", at) is None
        assert invitations.take_invitation(tx, "never", at) is None
        assert invitations.take_invitation(tx, "i1", at) == "ann"
        assert invitations.take_invitation(tx, "i1", at) is None
        assert invitations.take_invitation(tx, "i2", at) == "bob"


def test_an_invitation_runs_out(store: Store, at: datetime) -> None:
    with store.write() as tx:
        invitations.save_invitation(tx, "i1", "ann", at, at + HOUR)
        assert invitations.load_invitation(tx, "i1", at + HOUR - timedelta(microseconds=1)) is not None
        assert invitations.load_invitation(tx, "i1", at + HOUR) is None
        assert invitations.take_invitation(tx, "i1", at + HOUR) is None


def test_a_user_has_one_at_most(store: Store, at: datetime) -> None:
    with store.write() as tx:
        invitations.save_invitation(tx, "i1", "ann", at, at + HOUR)
        invitations.save_invitation(tx, "i2", "ann", at, at + HOUR)
        invitations.save_invitation(tx, "i3", "bob", at, at + HOUR)
        assert [invitations.load_invitation(tx, digest, at) is not None for digest in ("i1", "i2", "i3")] == [
            False,
            True,
            True,
        ]
        invitations.delete_user_invitation(tx, "ann")
        invitations.delete_user_invitation(tx, "cyd")
        assert invitations.load_invitation(tx, "i2", at) is None
        assert invitations.load_invitation(tx, "i3", at) is not None


def test_nobody_unknown_is_invited(store: Store, at: datetime) -> None:
    with store.write() as tx:
        with pytest.raises(NotFoundError, match="no user eve"):
            invitations.save_invitation(tx, "i1", "eve", at, at + HOUR)
        with pytest.raises(NotFoundError, match="no user eve"):
            invitations.delete_user_invitation(tx, "eve")
