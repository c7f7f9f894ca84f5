"""Accounts: users with roles, log-in with a password, sessions, and the one-time link of a single local user."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from regrade.errors import ConflictError, InputError, NotFoundError, PermissionDeniedError
from regrade.records.users import Role, User
from regrade.store import Transaction, journal, sessions, tokens, users
from regrade.workflow.clock import now
from regrade.workflow.credentials import digest, hash_password, make_secret, verify_password
from regrade.workflow.workspace import Workspace

LOCAL_USER = "local"
SESSION_TIME = timedelta(days=7)
LINK_TIME = timedelta(hours=1)
ATTEMPT_WINDOW = timedelta(minutes=1)
MAX_ATTEMPTS = 5
"""Failed log-ins a minute, per account and per address."""
_ONE_GUESS = threading.Lock()
"""Guesses sent all at once would all be looked at before the first failure is counted."""


class LoginError(PermissionDeniedError):
    """Name and password do not belong together; the same words whatever the cause."""


class TooManyAttemptsError(PermissionDeniedError):
    """Too many failed log-ins of this account or from this address."""


def add_user(ws: Workspace, name: str, password: str, roles: Iterable[Role], *, by: str = LOCAL_USER) -> User:
    """Add a user who logs in with a password.

    Raises:
        ConflictError: The name is taken.
        InputError: The name or password cannot be used, or no role is given.
    """
    _check_name(name)
    user = User(name, "password", frozenset(roles), disabled=False, created_at=now())
    if not user.roles:
        raise InputError("at least one role", got="none", remedy=f"Choose from {', '.join(Role)}.")
    hashed = hash_password(password)
    with ws.store.write() as tx:
        users.save_user(tx, user, password_hash=hashed, at=user.created_at)
        facts = {"user": name, "roles": sorted(user.roles)}
        journal.save_line(tx, actor=by, action="users.add", facts=facts, at=user.created_at)
    return user


def list_users(ws: Workspace) -> tuple[User, ...]:
    """All users, external panels included, by name."""
    with ws.store.read() as tx:
        return users.list_users(tx)


def disable_user(ws: Workspace, name: str, *, by: str = LOCAL_USER) -> None:
    """Keep a user out from now on: sessions and tokens end at once and for good, reviews stay.

    Raises:
        NotFoundError: There is no such user.
    """
    with ws.store.write() as tx:
        users.save_disabled(tx, name, disabled=True)
        sessions.delete_user_sessions(tx, name)
        tokens.delete_user_tokens(tx, name)
        journal.save_line(tx, actor=by, action="users.disable", facts={"user": name}, at=now())


def change_password(ws: Workspace, name: str, password: str, *, by: str = LOCAL_USER) -> None:
    """Give a user a new password; all sessions and tokens of the user end, whoever holds them by now."""
    hashed = hash_password(password)
    with ws.store.write() as tx:
        if users.load_user(tx, name).kind != "password":
            raise ConflictError(f"{name} does not log in with a password.")
        users.save_password_hash(tx, name, hashed)
        sessions.delete_user_sessions(tx, name)
        tokens.delete_user_tokens(tx, name)
        journal.save_line(tx, actor=by, action="users.password", facts={"user": name}, at=now())


def has_users(ws: Workspace) -> bool:
    """Whether anybody can log in with a password."""
    return any(user.kind == "password" and not user.disabled for user in list_users(ws))


def log_in(ws: Workspace, name: str, password: str, address: str) -> str:
    """Check a password and open a session; gives its token, which only the browser keeps.

    Raises:
        LoginError: Unknown name, wrong password or disabled user: same words, same work.
        TooManyAttemptsError: MAX_ATTEMPTS failures within a minute, for this account or from this address.
    """
    with _ONE_GUESS:
        name = _check_credentials(ws, name, password, address)
    with ws.store.write() as tx:
        return _open_session(tx, name)


def _check_credentials(ws: Workspace, name: str, password: str, address: str) -> str:
    """The user's name as it is stored; a failure is counted before the next guess is looked at."""
    at = now()
    with ws.store.read() as tx:
        for account, place in ((name, None), (None, address)):
            if sessions.count_attempts(tx, account=account, address=place, since=at - ATTEMPT_WINDOW) >= MAX_ATTEMPTS:
                raise TooManyAttemptsError("Too many failed log-ins.", remedy="Wait a minute and try again.")
        user, stored = _load_credentials(tx, name)
    matches = verify_password(stored, password)
    if user is None or user.disabled or not matches:
        with ws.store.write() as tx:
            sessions.save_attempt(tx, name[:200], address, at)
            journal.save_line(tx, actor=name[:200], action="users.refused", facts={"address": address}, at=at)
        raise LoginError("Name and password do not match.", remedy="Check both, or ask an admin.")
    return user.name


def log_out(ws: Workspace, token: str) -> None:
    """End a session; its token is worth nothing from now on."""
    with ws.store.write() as tx:
        sessions.delete_session(tx, digest(token))


def find_user(ws: Workspace, token: str) -> User | None:
    """The user of a live session; None if it has ended or the user is disabled."""
    with ws.store.read() as tx:
        session = sessions.load_session(tx, digest(token), now())
        if session is None:
            return None
        user = users.load_user(tx, session.user)
    return None if user.disabled else user


def make_link(ws: Workspace) -> str:
    """A one-time token for the single local user, who may do everything; only while nobody has a password.

    Raises:
        ConflictError: There are users: they log in.
    """
    if has_users(ws):
        raise ConflictError("This workspace has users: they log in by name and password.")
    token, at = make_secret(), now()
    with ws.store.write() as tx:
        try:
            users.load_user(tx, LOCAL_USER)
        except NotFoundError:
            user = User(LOCAL_USER, "local", frozenset(Role), disabled=False, created_at=at)
            users.save_user(tx, user, password_hash=None, at=at)
        sessions.save_link(tx, digest(token), LOCAL_USER, at, at + LINK_TIME)
    return token


def open_link(ws: Workspace, token: str) -> str:
    """Use up a one-time link and open a session.

    Raises:
        LoginError: The link was used, has run out, or never was one.
    """
    local_only = not has_users(ws)
    with ws.store.write() as tx:
        name = sessions.take_link(tx, digest(token), now())
        session = _open_session(tx, name) if name is not None and local_only else None
    if session is None:
        raise LoginError("This link has been used or has run out.", remedy="Start `regrade serve` again for a new one.")
    return session


def _open_session(tx: Transaction, name: str) -> str:
    token, at = make_secret(), now()
    sessions.save_session(tx, digest(token), name, at, at + SESSION_TIME)
    journal.save_line(tx, actor=name, action="users.enter", facts={}, at=at)
    return token


def _load_credentials(tx: Transaction, name: str) -> tuple[User | None, str | None]:
    try:
        user = users.load_user(tx, name)
    except NotFoundError:
        return None, None
    return user, users.load_password_hash(tx, user.name)


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
