"""What the panel says and decides, and which version carries it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text

from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass, Purpose
from regrade.store.tables.columns import UtcDateTime, Word, flag_column, metadata, one_of, purpose_column, refers_to

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Text, nullable=False, index=True),
    Column("reviewer", Integer, refers_to("users"), nullable=False),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer),
    Column("pass", Word, nullable=False),
    Column("verdict", Word),
    Column("problematic", Boolean, nullable=False),
    Column("category", Text),
    Column("severity", Text),
    Column("note", Text, nullable=False),
    Column("discuss", Boolean, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("label_set", Integer, refers_to("label_sets"), nullable=False),
    Column("source", Text),
    Column("created_at", UtcDateTime, nullable=False),
    purpose_column(),
    # Given after its reviewer was shown something of the item that others know more about.
    flag_column("revealed"),
    Index(None, "split", "item"),
    one_of("pass", Pass),
    one_of("verdict", Verdict),
    one_of("purpose", Purpose),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("submission", Text, primary_key=True),
    Column("reviewer", Integer, refers_to("users"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    flag_column("revealed"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer),
    Column("pass", Word, nullable=False),
    Column("verdict", Word),
    Column("category", Text),
    Column("severity", Text),
    Column("method", Word, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("base", Integer, refers_to("label_sets"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # With no class: the item is not problematic after all.
    flag_column("usable"),
    Index(None, "split", "item", "class_id", "pass"),
    one_of("pass", Pass),
    one_of("verdict", Verdict),
    one_of("method", DecisionMethod),
)

published_decisions = Table(
    "published_decisions",
    metadata,
    Column("decision", Integer, refers_to("decisions"), primary_key=True),
    Column("label_set", Integer, refers_to("label_sets"), nullable=False, index=True),
)

votes = Table(
    "votes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ballot", Text, nullable=False, index=True),
    Column("voter", Integer, refers_to("users"), nullable=False),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer),
    Column("pass", Word, nullable=False),
    Column("verdict", Word),
    Column("category", Text),
    Column("severity", Text),
    Column("reason", Text, nullable=False),
    Column("label_set", Integer, refers_to("label_sets"), nullable=False),
    # The newest decision on the same when the vote was cast.
    Column("after", Integer, refers_to("decisions")),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "split", "item", "pass"),
    one_of("pass", Pass),
    one_of("verdict", Verdict),
)

reopenings = Table(
    "reopenings",
    metadata,
    # The line that took the decision back, and the decision. None: the class waits because its item was reopened.
    Column("decision", Integer, refers_to("decisions"), primary_key=True, autoincrement=False),
    Column("reopened", Integer, refers_to("decisions"), unique=True),
)
