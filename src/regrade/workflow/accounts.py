"""Accounts: who takes part, with which roles. Nobody can lock out the last admin."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from regrade.errors import ConflictError, InputError
from regrade.panel import check_roles, has_admin
from regrade.records.users import Account, Role, User
from regrade.store import Transaction, invitations, journal, sessions, tokens, users
from regrade.workflow.clock import now
from regrade.workflow.credentials import hash_password
from regrade.workflow.workspace import Workspace

LOCAL_USER = "local"


def add_user(ws: Workspace, name: str, password: str, roles: Iterable[Role], *, by: str = LOCAL_USER) -> User:
    """Add a user who logs in with a password.

    Raises:
        ConflictError: The name is taken.
        InputError: The name or password cannot be used, no role is given, or these do not go together.
    """
    user = make_user(ws, name, roles)
    hashed = hash_password(password)
    with ws.store.write() as tx:
        users.save_user(tx, user, password_hash=hashed, at=user.created_at)
        facts = {"user": name, "roles": sorted(user.roles)}
        journal.save_line(tx, actor=by, action="users.add", facts=facts, at=user.created_at)
    return user


def make_user(ws: Workspace, name: str, roles: Iterable[Role]) -> User:
    """A new user's record, checked; not saved yet. Accents are put together with their letters, as most keyboards do.

    Raises:
        InputError: The name cannot be used, no role is given, or these do not go together.
    """
    name = unicodedata.normalize("NFC", name)
    _check_name(name)
    user = User(name, "password", frozenset(roles), disabled=False, created_at=now())
    check_roles(user.roles, ws.protocol)
    return user


def list_users(ws: Workspace) -> tuple[User, ...]:
    """All users, external panels included, by name."""
    with ws.store.read() as tx:
        return users.list_users(tx)


def has_user(ws: Workspace, name: str) -> bool:
    """Whether there is a user of that name, however it is spelled."""
    with ws.store.read() as tx:
        return users.has_user(tx, name)


def list_accounts(ws: Workspace) -> tuple[Account, ...]:
    """All users by name, each with state, last visit and number of answers."""
    with ws.store.read() as tx:
        return users.list_accounts(tx)


def disable_user(ws: Workspace, name: str, *, by: str = LOCAL_USER) -> None:
    """Keep a user out from now on: sessions, tokens and invitation end at once and for good, reviews stay.

    Raises:
        ConflictError: It is the last admin.
        NotFoundError: There is no such user.
    """
    with ws.store.write() as tx, _keeping_an_admin(tx):
        name = users.load_user(tx, name).name
        users.save_disabled(tx, name, disabled=True)
        end_entries(tx, name)
        journal.save_line(tx, actor=by, action="users.disable", facts={"user": name}, at=now())


def enable_user(ws: Workspace, name: str, *, by: str = LOCAL_USER) -> None:
    """Let a disabled user in again, with the same password and roles.

    Raises:
        NotFoundError: There is no such user.
    """
    with ws.store.write() as tx:
        name = users.load_user(tx, name).name
        users.save_disabled(tx, name, disabled=False)
        journal.save_line(tx, actor=by, action="users.enable", facts={"user": name}, at=now())


def change_roles(ws: Workspace, name: str, roles: Iterable[Role], *, by: str = LOCAL_USER) -> User:
    """Give a user these roles in place of those before, from the user's next request on.

    Raises:
        ConflictError: It is the last admin, or nobody who logs in with a password.
        InputError: No role is given, or these do not go together.
        NotFoundError: There is no such user.
    """
    given = frozenset(roles)
    with ws.store.write() as tx, _keeping_an_admin(tx):
        check_roles(given, ws.protocol_in(tx))
        before = load_by_password(tx, name)
        users.save_roles(tx, before.name, given)
        facts = {"user": before.name, "before": sorted(before.roles), "after": sorted(given)}
        journal.save_line(tx, actor=by, action="users.roles", facts=facts, at=now())
        return users.load_user(tx, before.name)


def change_password(ws: Workspace, name: str, password: str, *, by: str = LOCAL_USER) -> None:
    """Give a user a new password; all sessions and tokens of the user end, whoever holds them by now.

    Raises:
        ConflictError: The user does not log in with a password.
        InputError: The password cannot be used.
        NotFoundError: There is no such user.
    """
    hashed = hash_password(password)
    with ws.store.write() as tx:
        name = load_by_password(tx, name).name
        replace_password(tx, name, hashed)
        journal.save_line(tx, actor=by, action="users.password", facts={"user": name}, at=now())


def has_users(ws: Workspace) -> bool:
    """Whether anybody can log in with a password."""
    with ws.store.read() as tx:
        with_password = users.list_with_password(tx)
        return any(user.name in with_password and not user.disabled for user in users.list_users(tx))


def load_by_password(tx: Transaction, name: str) -> User:
    """A user who logs in with a password, or will.

    Raises:
        ConflictError: It is the local user, or stands for a panel elsewhere.
        NotFoundError: There is no such user.
    """
    user = users.load_user(tx, name)
    if user.kind != "password":
        raise ConflictError(f"{user.name} does not log in with a password.")
    return user


def replace_password(tx: Transaction, name: str, password_hash: str) -> None:
    """Store another password, and end whatever was let in by the one before."""
    users.save_password_hash(tx, name, password_hash)
    end_entries(tx, name)


def end_entries(tx: Transaction, name: str) -> None:
    """End all sessions and tokens of a user, and the invitation if there is one."""
    sessions.delete_user_sessions(tx, name)
    tokens.delete_user_tokens(tx, name)
    invitations.delete_user_invitation(tx, name)


@contextmanager
def _keeping_an_admin(tx: Transaction) -> Iterator[None]:
    """Undo what the block does, with an error, if it leaves nobody who can let others in."""
    before = has_admin(users.list_users(tx), users.list_with_password(tx))
    yield
    if before and not has_admin(users.list_users(tx), users.list_with_password(tx)):
        raise ConflictError(
            "Nobody would be left who may manage users.",
            remedy="Make somebody else an admin first, who has a password.",
        )


def _check_name(name: str) -> None:
    plain = unicodedata.normalize("NFKC", name)
    if plain != name or not 1 <= len(name) <= 100 or not name.isprintable() or name != name.strip() or "," in name:
        raise InputError(
            "a name of 1 to 100 printable characters, without commas or blanks at its ends",
            got=repr(name[:120]),
            remedy="Choose a plainer name.",
        )
    if name.casefold() == LOCAL_USER:
        raise InputError(
            "a name of somebody", got=repr(name), remedy="That name stands for the local user: choose another."
        )
