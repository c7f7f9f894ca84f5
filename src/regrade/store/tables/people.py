"""Who there is, and what lets them in."""

from __future__ import annotations

from typing import get_args

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from regrade.records.users import Role, UserKind
from regrade.store.tables.columns import UtcDateTime, Word, metadata, one_of, refers_to

users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    # The name under NFKC and case folding: what makes it unique.
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Word, nullable=False),
    Column("password_hash", Text),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("kind", get_args(UserKind)),
)

user_roles = Table(
    "user_roles",
    metadata,
    Column("user", Integer, refers_to("users"), primary_key=True),
    Column("role", Word, primary_key=True),
    one_of("role", Role),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, refers_to("users"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

links = Table(
    "links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, refers_to("users"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, refers_to("users"), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, refers_to("users"), nullable=False),
    Column("label", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("user", "label"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False, index=True),
    Index(None, "account", "at"),
    Index(None, "address", "at"),
)
