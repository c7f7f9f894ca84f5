"""Users."""

from __future__ import annotations

from datetime import datetime

import pytest

from regrade.errors import ConflictError, NotFoundError
from regrade.records.users import Role, User
from regrade.store import Store, users


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
