"""People who log in with a password, for tests that are not about passwords."""

from __future__ import annotations

from collections.abc import Iterable

from argon2 import PasswordHasher

from regrade.records.users import Role, User
from regrade.store import users
from regrade.workflow.accounts import make_user
from regrade.workflow.workspace import Workspace

PASSWORD = "correct horse battery"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A hash tells how it was made, and is checked so: this one quickly, where others take a fifth of a second."""


def add_person(ws: Workspace, name: str, roles: Iterable[Role]) -> User:
    """Add a user whose password is PASSWORD."""
    user = make_user(ws, name, roles)
    with ws.store.write() as tx:
        users.save_user(tx, user, password_hash=HASH, at=user.created_at)
    return user
