"""Users, their roles and the hashes of their passwords."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from regrade.errors import ConflictError, NotFoundError
from regrade.records.panel import Pass
from regrade.records.users import Account, Role, User
from regrade.store import tables
from regrade.store.names import user_id, user_key
from regrade.store.store import Transaction
from regrade.store.tables import ScreenStatus


def save_user(tx: Transaction, user: User, *, password_hash: str | None, at: datetime) -> User:
    """Add a user.

    Args:
        tx: A write transaction.
        user: The user.
        password_hash: Made by a password hasher; None for users who do not log in with one.
        at: When; stands as the user's `created_at`.

    Raises:
        ConflictError: The name is taken, in this or another spelling.
    """
    rows = tables.users
    taken = tx.execute(select(rows.c.name).where(rows.c.key == user_key(user.name))).scalar_one_or_none()
    if taken is not None:
        raise ConflictError(f"The name {user.name} is taken (by {taken}).", remedy="Choose another name.")
    tx.execute(
        insert(rows).values(
            name=user.name,
            key=user_key(user.name),
            kind=user.kind,
            password_hash=password_hash,
            disabled=user.disabled,
            created_at=at,
        )
    )
    save_roles(tx, user.name, user.roles)
    return load_user(tx, user.name)


def has_user(tx: Transaction, name: str) -> bool:
    """Whether there is a user of that name, however it is spelled."""
    rows = tables.users
    return tx.execute(select(rows.c.id).where(rows.c.key == user_key(name))).first() is not None


def save_roles(tx: Transaction, name: str, roles: Iterable[Role]) -> None:
    """Give a user these roles in place of those before.

    Raises:
        NotFoundError: There is no such user.
    """
    rows, user = tables.user_roles, user_id(tx, name)
    tx.execute(delete(rows).where(rows.c.user == user))
    given = [{"user": user, "role": role} for role in sorted(set(roles))]
    if given:
        tx.execute(insert(rows), given)


def save_disabled(tx: Transaction, name: str, disabled: bool) -> None:
    """Keep a user out, or let the user in again.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(update(tables.users).where(tables.users.c.id == user_id(tx, name)).values(disabled=disabled))


def save_password_hash(tx: Transaction, name: str, password_hash: str) -> None:
    """Give a user another password.

    Raises:
        NotFoundError: There is no such user.
    """
    tx.execute(update(tables.users).where(tables.users.c.id == user_id(tx, name)).values(password_hash=password_hash))


def load_user(tx: Transaction, name: str) -> User:
    """A user, however the name is spelled.

    Raises:
        NotFoundError: There is no such user.
    """
    row = tx.execute(select(tables.users).where(tables.users.c.key == user_key(name))).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no user {name}.", remedy="Add one with `regrade users add`.")
    roles = tables.user_roles
    return as_user(row, tx.execute(select(roles.c.role).where(roles.c.user == row.id)).scalars())


def load_password_hash(tx: Transaction, name: str) -> str | None:
    """The hash of a user's password; None if the user has none.

    Raises:
        NotFoundError: There is no such user.
    """
    rows = tables.users
    stored: str | None = tx.execute(select(rows.c.password_hash).where(rows.c.id == user_id(tx, name))).scalar_one()
    return stored


def list_users(tx: Transaction) -> tuple[User, ...]:
    """All users by name, those who never log in and disabled ones included."""
    roles: dict[int, list[str]] = {}
    for user, role in tx.execute(select(tables.user_roles)):
        roles.setdefault(user, []).append(role)
    rows = tx.execute(select(tables.users).order_by(tables.users.c.key))
    return tuple(as_user(row, roles.get(row.id, ())) for row in rows)


def list_with_password(tx: Transaction) -> frozenset[str]:
    """Names of the users who have a password, disabled ones included."""
    rows = tables.users
    return frozenset(tx.execute(select(rows.c.name).where(rows.c.password_hash.is_not(None))).scalars())


def list_accounts(tx: Transaction) -> tuple[Account, ...]:
    """All users by name, each with what an admin wants to know."""
    with_password = list_with_password(tx)
    invited_until = _invitations_of(tx)
    last_seen, n_screens = _last_lines(tx), _count_screens(tx)
    return tuple(
        Account(
            user=user,
            has_password=user.name in with_password,
            invited_until=invited_until.get(user.name),
            last_seen=last_seen.get(user.name),
            n_screens=n_screens.get(user.name, 0),
        )
        for user in list_users(tx)
    )


def _invitations_of(tx: Transaction) -> dict[str, datetime]:
    people, rows = tables.users, tables.invitations
    query = select(people.c.name, rows.c.expires_at).join(people, people.c.id == rows.c.user)
    return {row.name: row.expires_at for row in tx.execute(query)}


def _last_lines(tx: Transaction) -> dict[str, datetime]:
    """When each user last did something: a refused log-in under a name is somebody else's doing, perhaps."""
    people, rows = tables.users, tables.journal
    newest = (
        select(rows.c.at)
        .where(rows.c.actor == people.c.name, rows.c.action != "users.refused")
        .order_by(rows.c.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    return {name: at for name, at in tx.execute(select(people.c.name, newest)) if at is not None}


def _count_screens(tx: Transaction) -> dict[str, int]:
    """Answered screens of those who answer here, judgements of those whose answers were imported."""
    people, screens, reviews = tables.users, tables.screens, tables.reviews
    here = (
        select(func.count())
        .where(screens.c.reviewer == people.c.id, screens.c.status == ScreenStatus.ANSWERED)
        .scalar_subquery()
    )
    imported = (
        select(reviews.c.reviewer, func.count().label("n"))
        .where(reviews.c.source.is_not(None), reviews.c["pass"] == Pass.VERDICT)
        .group_by(reviews.c.reviewer)
        .subquery()
    )
    query = select(people.c.name, (here + func.coalesce(imported.c.n, 0)).label("n")).outerjoin(
        imported, imported.c.reviewer == people.c.id
    )
    return {row.name: row.n for row in tx.execute(query)}


def as_user(row: Row[Any], roles: Iterable[str]) -> User:
    """A row of the users' table, with the roles that stand elsewhere."""
    return User(row.name, row.kind, frozenset(map(Role, roles)), row.disabled, row.created_at)
