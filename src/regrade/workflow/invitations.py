"""Invitations: a link by which somebody chooses a password, works once, and enters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from regrade.errors import ConflictError
from regrade.panel import has_admin
from regrade.records.users import Invitation, Role, User
from regrade.store import Transaction, invitations, journal, users
from regrade.workflow.accounts import LOCAL_USER, load_by_password, make_user, replace_password
from regrade.workflow.clock import now
from regrade.workflow.credentials import digest, hash_password, make_secret
from regrade.workflow.sessions import LoginError, count_failure, open_session
from regrade.workflow.workspace import Workspace

INVITATION_TIME = timedelta(days=7)
INVITATION_PATH = "/invitation"
"""Where the pages take up an invitation."""


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its secret, which nobody can ever see again."""

    user: str
    secret: str
    expires_at: datetime

    @property
    def path(self) -> str:
        """The link, without the server's address."""
        return f"{INVITATION_PATH}?token={self.secret}"


def invite_user(ws: Workspace, name: str, roles: Iterable[Role], *, by: str = LOCAL_USER) -> NewInvitation:
    """Add a user who has no password yet, with a link by which to choose one.

    Raises:
        ConflictError: The name is taken; or no admin is left once the user has a password (the one-time link of the
            local user ends then).
        InputError: The name cannot be used, no role is given, or these do not go together.
    """
    user = make_user(ws, name, roles)
    with ws.store.write() as tx:
        users.save_user(tx, user, password_hash=None, at=user.created_at)
        _check_admin_stays(tx, user)
        facts = {"user": name, "roles": sorted(user.roles)}
        journal.save_line(tx, actor=by, action="users.invite", facts=facts, at=user.created_at)
        return _make_link(tx, name, at=user.created_at)


def renew_invitation(ws: Workspace, name: str, *, by: str = LOCAL_USER) -> NewInvitation:
    """A new link for a user to choose a password; an earlier link ends, a password that there is holds until then.

    Raises:
        ConflictError: The user is disabled, or nobody who logs in with a password.
        NotFoundError: There is no such user.
    """
    with ws.store.write() as tx:
        user = load_by_password(tx, name)
        if user.disabled:
            raise ConflictError(f"{user.name} is disabled.", remedy="Enable the user first.")
        at = now()
        journal.save_line(tx, actor=by, action="users.link", facts={"user": user.name}, at=at)
        return _make_link(tx, user.name, at=at)


def find_invitation(ws: Workspace, secret: str, *, address: str) -> Invitation:
    """Whose link it is; it stays unused.

    Args:
        ws: The workspace.
        secret: What the link carries.
        address: Where the request comes from: failures count like failed log-ins. A good link is never held up by them.

    Raises:
        LoginError: The link was used, has run out, or never was one: the same words.
        TooManyAttemptsError: The same, after MAX_ATTEMPTS failures within a minute from this address.
    """
    with ws.store.read() as tx:
        found = invitations.load_invitation(tx, digest(secret), now())
    if found is None:
        count_failure(ws, address, action="invitations.refused")
        raise _no_invitation()
    return found


def accept_invitation(ws: Workspace, secret: str, password: str, *, address: str) -> str:
    """Use up a link: the user has this password from now on, and a session, whose token comes out.

    Whatever was let in by an earlier password ends.

    Args:
        ws: The workspace.
        secret: What the link carries.
        password: The password that the user has chosen.
        address: As for `find_invitation`.

    Raises:
        InputError: The password cannot be used; the link stays.
        LoginError: The link was used, has run out, or never was one.
        TooManyAttemptsError: The same, after MAX_ATTEMPTS failures within a minute from this address.
    """
    find_invitation(ws, secret, address=address)  # nobody without a link makes the server hash passwords
    hashed = hash_password(password)
    with ws.store.write() as tx:
        at = now()
        name = invitations.take_invitation(tx, digest(secret), at)
        if name is None:
            raise _no_invitation()
        replace_password(tx, name, hashed)
        journal.save_line(tx, actor=name, action="users.accept", facts={"user": name}, at=at)
        return open_session(tx, name)


def _make_link(tx: Transaction, name: str, *, at: datetime) -> NewInvitation:
    made = NewInvitation(name, make_secret(), at + INVITATION_TIME)
    invitations.save_invitation(tx, digest(made.secret), name, at, made.expires_at)
    return made


def _check_admin_stays(tx: Transaction, invited: User) -> None:
    """Raise unless there is an admin once the user has a password, those who are invited themselves included."""
    everybody = users.list_users(tx)
    if not has_admin(everybody, {user.name for user in everybody if user.kind == "password"}):
        raise ConflictError(
            f"Once {invited.name} has a password the one-time link ends, and nobody could manage users.",
            remedy="Invite an admin first.",
        )


def _no_invitation() -> LoginError:
    return LoginError("This link has been used or has run out.", remedy="Ask an admin for a new one.")
