"""Users."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Review, Screen
from regrade.records.users import Role, User
from regrade.store import Store, invitations, journal, reviews, screens, users


def make_user(name: str, at: datetime, *roles: Role) -> User:
    return User(name, "password", frozenset(roles), disabled=False, created_at=at)


def test_a_user_comes_back(empty_store: Store, at: datetime) -> None:
    ann = make_user("Ann", at, Role.REVIEWER, Role.ADMIN)
    panel = User("panel", "external", frozenset(), disabled=False, created_at=at)
    with empty_store.write() as tx:
        assert users.save_user(tx, ann, password_hash="$argon2", at=at) == ann
        users.save_user(tx, panel, password_hash=None, at=at)
    with empty_store.read() as tx:
        assert users.load_user(tx, "Ann") == ann
        assert users.list_users(tx) == (ann, panel)
        assert users.load_password_hash(tx, "Ann") == "$argon2"
        assert users.load_password_hash(tx, "panel") is None


@pytest.mark.parametrize(("first", "second"), [("ann", "ANN"), ("straße", "STRASSE"), ("ﬁfi", "fifi"), ("Ⅳ", "iv")])
def test_a_name_is_taken_in_every_spelling(empty_store: Store, at: datetime, first: str, second: str) -> None:
    with empty_store.write() as tx:
        users.save_user(tx, make_user(first, at), password_hash=None, at=at)
        with pytest.raises(ConflictError, match=f"name {second} is taken"):
            users.save_user(tx, make_user(second, at), password_hash=None, at=at)
        assert users.load_user(tx, second).name == first


def test_roles_are_replaced(store: Store) -> None:
    with store.write() as tx:
        users.save_roles(tx, "ann", [Role.ADJUDICATOR, Role.ADMIN, Role.ADMIN])
        assert users.load_user(tx, "ann").roles == {Role.ADJUDICATOR, Role.ADMIN}
        users.save_roles(tx, "ann", [])
        assert users.load_user(tx, "ann").roles == frozenset()
        assert users.load_user(tx, "bob").roles == {Role.REVIEWER}


def test_a_user_is_disabled_and_enabled(store: Store) -> None:
    with store.write() as tx:
        users.save_disabled(tx, "ann", disabled=True)
        assert users.load_user(tx, "ann").disabled is True
        assert users.load_user(tx, "bob").disabled is False
        users.save_disabled(tx, "ann", disabled=False)
        assert users.load_user(tx, "ann").disabled is False


def test_a_password_is_replaced(store: Store) -> None:
    with store.write() as tx:
        users.save_password_hash(tx, "ann", "new")
        assert (users.load_password_hash(tx, "ann"), users.load_password_hash(tx, "bob")) == ("new", "hash")


def test_who_has_a_password(store: Store, at: datetime) -> None:
    with store.write() as tx:
        users.save_user(tx, make_user("eve", at), password_hash=None, at=at)
        assert users.list_with_password(tx) == {"ann", "bob", "cyd", "dan"}


def test_an_account_tells_state_last_visit_and_answers(
    store: Store, at: datetime, screen_of: Callable[..., Screen], review_of: Callable[..., Review]
) -> None:
    hour = timedelta(hours=1)
    with store.write() as tx:
        invitations.save_invitation(tx, "i1", "bob", at, at + hour)
        journal.save_line(tx, actor="ann", action="users.enter", facts={}, at=at)
        journal.save_line(tx, actor="ann", action="review.save", facts={}, at=at + hour)
        journal.save_line(tx, actor="ann", action="users.refused", facts={}, at=at + 2 * hour)
        journal.save_line(tx, actor="bob", action="users.refused", facts={}, at=at)
        screens.save_screens(tx, [screen_of(f"s{item}", "ann", item, (1,)) for item in (2, 5, 9)])
        screens.save_answered(tx, "s2", "sub1", at, protocol=None)
        screens.save_answered(tx, "s5", "sub2", at, protocol=None)
        screens.save_reopened(tx, "s5")
        reviews.save_reviews(tx, [review_of("sub3", "cyd", item, 1, source="a paper") for item in (2, 5)])
        reviews.save_reviews(tx, [review_of("sub1", "ann", 2, 1)])
        found = {row.user.name: row for row in users.list_accounts(tx)}
    assert {name: row.n_screens for name, row in found.items()} == {"ann": 1, "bob": 0, "cyd": 2, "dan": 0}
    assert {name: row.last_seen for name, row in found.items() if row.last_seen} == {"ann": at + hour}
    assert {name: row.invited_until for name, row in found.items() if row.invited_until} == {"bob": at + hour}
    assert all(row.has_password for row in found.values())


def test_an_unknown_user_is_not_found(store: Store) -> None:
    with store.write() as tx:
        for call in (
            lambda: users.load_user(tx, "eve"),
            lambda: users.load_password_hash(tx, "eve"),
            lambda: users.save_roles(tx, "eve", [Role.ADMIN]),
            lambda: users.save_disabled(tx, "eve", disabled=True),
            lambda: users.save_password_hash(tx, "eve", "x"),
        ):
            with pytest.raises(NotFoundError, match="There is no user eve"):
                call()
