"""Tokens by which programs ask in a user's name: shown once, kept as digests, revoked by their label."""

from __future__ import annotations

from regrade.errors import ConflictError, InputError
from regrade.records.users import ApiToken, User
from regrade.store import journal, tokens, users
from regrade.workflow.accounts import has_users
from regrade.workflow.clock import now
from regrade.workflow.credentials import digest, make_secret
from regrade.workflow.sessions import LoginError, count_failure
from regrade.workflow.workspace import Workspace

TOKEN_PREFIX = "regrade_"  # noqa: S105 - by it a token that was left in a file is known for what it is
MAX_TOKENS = 50
"""Tokens of one user."""


def make_token(ws: Workspace, user: str, label: str, *, by: str | None = None) -> str:
    """A new token, which may do what its user may; nobody can ever see it again.

    Args:
        ws: The workspace.
        user: Whose token.
        label: What the user calls it.
        by: Who makes it; None: the user.

    Raises:
        ConflictError: The user has a token of that label, MAX_TOKENS of them, or may not enter.
        InputError: The label cannot be used.
        NotFoundError: There is no such user.
    """
    _check_label(label)
    token, at = TOKEN_PREFIX + make_secret(), now()
    with ws.store.write() as tx:
        owner = users.load_user(tx, user)
        if owner.disabled or owner.kind == "external":
            raise ConflictError(f"{owner.name} may not enter, and so may no program of theirs.")
        if len(tokens.list_tokens(tx, owner.name)) >= MAX_TOKENS:
            raise ConflictError(f"{owner.name} has {MAX_TOKENS} tokens.", remedy="Revoke one that is not used.")
        tokens.save_token(tx, digest(token), owner.name, label, at)
        facts = {"user": owner.name, "label": label}
        journal.save_line(tx, actor=by or owner.name, action="tokens.make", facts=facts, at=at)
    return token


def list_tokens(ws: Workspace, user: str) -> tuple[ApiToken, ...]:
    """A user's tokens by label.

    Raises:
        NotFoundError: There is no such user.
    """
    with ws.store.read() as tx:
        return tokens.list_tokens(tx, user)


def revoke_token(ws: Workspace, user: str, label: str, *, by: str | None = None) -> None:
    """End a token: from now on it is worth nothing.

    Args:
        ws: The workspace.
        user: Whose token.
        label: Its label.
        by: Who revokes it; None: the user.

    Raises:
        NotFoundError: There is no such user or no such token.
    """
    with ws.store.write() as tx:
        tokens.delete_token(tx, user, label)
        facts = {"user": user, "label": label}
        journal.save_line(tx, actor=by or user, action="tokens.revoke", facts=facts, at=now())


def enter_by_token(ws: Workspace, token: str, address: str) -> User:
    """The user in whose name a program asks.

    Failures count like failed log-ins from the address. A good token is never held up by them: others may share the
    address, and nobody guesses 256 bits.

    Args:
        ws: The workspace.
        token: What the program sent.
        address: Where the request comes from.

    Raises:
        LoginError: The token is none, was revoked, or its user may not enter.
        TooManyAttemptsError: The same, after MAX_ATTEMPTS failures within a minute from this address.
    """
    user = find_token_user(ws, token)
    if user is None:
        count_failure(ws, address, action="tokens.refused")
        raise LoginError("This token is none of ours, or was revoked.", remedy="Make a new one, or ask an admin.")
    return user


def find_token_user(ws: Workspace, token: str) -> User | None:
    """The user in whose name a program asks; None if the token is none, was revoked, or its user may not enter.

    The tokens of the single local user end, like the one-time link, when somebody has a password.
    """
    with ws.store.read() as tx:
        name = tokens.load_token_user(tx, digest(token))
        user = users.load_user(tx, name) if name is not None else None
    if user is None or user.disabled or (user.kind == "local" and has_users(ws)):
        return None
    return user


def _check_label(label: str) -> None:
    if not 1 <= len(label) <= 100 or not label.isprintable() or label != label.strip():
        raise InputError(
            "a name of 1 to 100 printable characters for the token, without blanks at its ends",
            got=repr(label[:120]),
            remedy="Name it after the program that will use it.",
        )
