"""What is imported and published: classes, splits, label sets, predictions, embeddings. Their arrays are files."""

from __future__ import annotations

from typing import get_args

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Integer, String, Table, Text, UniqueConstraint

from regrade.records.predictions import PredictionKind, ScoreKind
from regrade.store.tables.columns import UtcDateTime, Word, metadata, one_of, refers_to

class_files = Table(
    "class_files",
    metadata,
    Column("kind", Word, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    one_of("kind", ("classes", "edges", "nodes")),
)

splits = Table(
    "splits",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("n_items", Integer, nullable=False),
    Column("media_root", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

label_sets = Table(
    "label_sets",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("n_classes", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("parent", Integer, refers_to("label_sets")),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name", "version"),
    CheckConstraint("version >= 1", name="version"),
)

predictions = Table(
    "predictions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("model", Text, nullable=False),
    Column("kind", Word, nullable=False),
    Column("n_classes", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("scores_digest", String(64)),
    Column("score_kind", Word, nullable=False),
    Column("source", Text, nullable=False),
    Column("n_missing", Integer, nullable=False),
    Column("n_ties", Integer, nullable=False),
    Column("only_mistakes", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("split", "model"),
    one_of("kind", get_args(PredictionKind)),
    one_of("score_kind", get_args(ScoreKind)),
)

probabilities = Table(
    "probabilities",
    metadata,
    Column("predictions", Integer, refers_to("predictions"), primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("name", Text, nullable=False),
    Column("n_dimensions", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("n_missing", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name", "split"),
)
