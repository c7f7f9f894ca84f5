"""What the panel writes to each other, and what somebody was shown of it."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, UniqueConstraint

from regrade.records.discussion import Shown
from regrade.records.panel import Pass
from regrade.store.tables.columns import UtcDateTime, Word, metadata, one_of, refers_to

guide_texts = Table(
    "guide_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Integer, refers_to("users"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("class_id", "number"),
    CheckConstraint("number >= 1", name="number"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("author", Integer, refers_to("users"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "split", "item"),
    one_of("pass", Pass),
)

reveals = Table(
    "reveals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reviewer", Integer, refers_to("users"), nullable=False),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("shown", Word, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("reviewer", "split", "item", "pass", "shown"),
    Index(None, "split", "item"),
    one_of("pass", Pass),
    one_of("shown", Shown),
)
