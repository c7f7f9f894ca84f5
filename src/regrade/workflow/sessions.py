"""Entering: log-in with a password, sessions, one's own password, and the one-time link of a single local user."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import NamedTuple

from regrade.errors import ConflictError, NotFoundError, PermissionDeniedError
from regrade.records.users import Role, User
from regrade.store import Transaction, journal, sessions, users
from regrade.workflow.accounts import LOCAL_USER, has_users, replace_password
from regrade.workflow.clock import now
from regrade.workflow.credentials import digest, hash_password, make_secret, verify_password
from regrade.workflow.workspace import Workspace

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


class _Credentials(NamedTuple):
    name: str
    """As it is stored."""
    password_hash: str


def log_in(ws: Workspace, name: str, password: str, address: str) -> str:
    """Check a password and open a session; gives its token, which only the browser keeps.

    Raises:
        LoginError: Unknown name, wrong password or disabled user: same words, same work.
        TooManyAttemptsError: MAX_ATTEMPTS failures within a minute, for this account or from this address.
    """
    with _ONE_GUESS:
        checked = _check_credentials(ws, name, password, address)
    with ws.store.write() as tx:
        _check_unchanged(tx, checked)
        return open_session(tx, checked.name)


def change_own_password(ws: Workspace, user: User, password: str, new: str, address: str) -> str:
    """Let a user choose another password; gives the token of a new session, the only one that is left.

    Args:
        ws: The workspace.
        user: Whose.
        password: The present one, which is guessed no more often than at log-in.
        new: The one from now on.
        address: Where the request comes from.

    Raises:
        InputError: The new password cannot be used.
        LoginError: The present one is wrong.
        TooManyAttemptsError: As for `log_in`.
    """
    with _ONE_GUESS:
        checked = _check_credentials(ws, user.name, password, address)
    hashed = hash_password(new)
    with ws.store.write() as tx:
        _check_unchanged(tx, checked)
        replace_password(tx, checked.name, hashed)
        journal.save_line(tx, actor=checked.name, action="users.password", facts={"user": checked.name}, at=now())
        return open_session(tx, checked.name)


def _check_credentials(ws: Workspace, name: str, password: str, address: str) -> _Credentials:
    """What was found to be right; a failure is counted before the next guess is looked at."""
    at = now()
    with ws.store.read() as tx:
        for account, place in ((name, None), (None, address)):
            if sessions.count_attempts(tx, account=account, address=place, since=at - ATTEMPT_WINDOW) >= MAX_ATTEMPTS:
                raise TooManyAttemptsError("Too many failed log-ins.", remedy="Wait a minute and try again.")
        user, stored = _load_credentials(tx, name)
    matches = verify_password(stored, password)
    if user is None or stored is None or user.disabled or not matches:
        with ws.store.write() as tx:
            sessions.save_attempt(tx, name[:200], address, at)
            journal.save_line(tx, actor=name[:200], action="users.refused", facts={"address": address}, at=at)
        raise _no_match()
    return _Credentials(user.name, stored)


def _check_unchanged(tx: Transaction, checked: _Credentials) -> None:
    """Raise if the user was disabled, or got another password, while the old one was being checked."""
    user, stored = _load_credentials(tx, checked.name)
    if user is None or user.disabled or stored != checked.password_hash:
        raise _no_match()


def count_failure(ws: Workspace, address: str, *, action: str) -> None:
    """Write down that somebody tried to enter by a secret that is none, under what the journal calls it.

    Raises:
        TooManyAttemptsError: There were MAX_ATTEMPTS failures within a minute from this address: one more need not be
            written down.
    """
    at = now()
    with ws.store.read() as tx:
        if sessions.count_attempts(tx, address=address, since=at - ATTEMPT_WINDOW) >= MAX_ATTEMPTS:
            raise TooManyAttemptsError("Too many failed attempts to enter.", remedy="Wait a minute and try again.")
    with ws.store.write() as tx:
        sessions.save_attempt(tx, "", address, at)
        journal.save_line(tx, actor="", action=action, facts={"address": address}, at=at)


def log_out(ws: Workspace, token: str) -> None:
    """End a session; its token is worth nothing from now on."""
    with ws.store.write() as tx:
        sessions.delete_session(tx, digest(token))


def find_user(ws: Workspace, token: str) -> User | None:
    """The user of a live session; None if it has ended or the user is disabled.

    That of the single local user ends, like the one-time link, when somebody has a password.
    """
    mark, key = ws.store.mark(), digest(token)
    with ws.store.read() as tx:
        session = sessions.load_session(tx, key, now())
    if session is None or session.user.disabled or (session.user.kind == "local" and has_users(ws)):
        return None
    _found_at(ws, mark)[key] = session
    return session.user


def recall_user(ws: Workspace, token: str) -> User | None:
    """What `find_user` found, if it still holds: nothing was committed since, by whomever. It waits for nothing.

    None: it has to be looked up.
    """
    session = _found_at(ws, ws.store.mark()).get(digest(token))
    return session.user if session is not None and now() < session.expires_at else None


def _found_at(ws: Workspace, mark: int | None) -> dict[str, sessions.Session]:
    """The sessions found in one state of the database, by digest; where states have no mark nothing is kept."""
    return {} if mark is None else ws.kept(("sessions",), dict, version=mark)


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
        session = open_session(tx, name) if name is not None and local_only else None
    if session is None:
        raise LoginError("This link has been used or has run out.", remedy="Start `regrade serve` again for a new one.")
    return session


def open_session(tx: Transaction, name: str) -> str:
    """Open a session of a user who has shown to be one; gives its token, which only the browser keeps."""
    token, at = make_secret(), now()
    sessions.save_session(tx, digest(token), name, at, at + SESSION_TIME)
    journal.save_line(tx, actor=name, action="users.enter", facts={}, at=at)
    return token


def _no_match() -> LoginError:
    return LoginError("Name and password do not match.", remedy="Check both, or ask an admin.")


def _load_credentials(tx: Transaction, name: str) -> tuple[User | None, str | None]:
    try:
        user = users.load_user(tx, name)
    except NotFoundError:
        return None, None
    return user, users.load_password_hash(tx, user.name)
