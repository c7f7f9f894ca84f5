"""The tables of a workspace's database, and the type in which it keeps times. The migrations make exactly these."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import get_args

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

from regrade.records.discussion import Shown
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Purpose, QuestionStatus
from regrade.records.predictions import PredictionKind, ScoreKind
from regrade.records.users import Role, UserKind


class ScreenStatus(StrEnum):
    """Where a screen stands."""

    DEALT = "dealt"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    """Put off; its item has not been dealt to this reviewer again."""
    WITHDRAWN = "withdrawn"
    """Taken back: what it asked was decided meanwhile, its item was called problematic on another part, or the item was
    dealt again after it had been skipped."""


class Word(TypeDecorator[str]):
    """A member of a fixed set of words. A driver may store an enumeration by its name, so plain text is all it gets."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The word as plain text."""
        return None if value is None else str(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A time in UTC. SQLite keeps no zone, so every time is brought to UTC on its way in and marked on its way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Bring a time to UTC; one without a zone is our own mistake."""
        if value is None:
            return None
        assert value.tzinfo is not None, "times are given in UTC"  # noqa: S101
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Mark a time as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of the values, or NULL where it may."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


def _to(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.id")


def _purpose() -> Column[str]:
    return Column("purpose", Word, nullable=False, server_default=Purpose.PANEL)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


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
    _one_of("kind", get_args(UserKind)),
)

user_roles = Table(
    "user_roles",
    metadata,
    Column("user", Integer, _to("users"), primary_key=True),
    Column("role", Word, primary_key=True),
    _one_of("role", Role),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, _to("users"), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

links = Table(
    "links",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, _to("users"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, _to("users"), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user", Integer, _to("users"), nullable=False),
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

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

protocols = Table(
    "protocols",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When the first answer was given under it; from then on it stays as it is.
    Column("first_review_at", UtcDateTime),
    CheckConstraint("number >= 1", name="number"),
)

class_files = Table(
    "class_files",
    metadata,
    Column("kind", Word, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    _one_of("kind", ("classes", "edges", "nodes")),
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
    Column("split", Integer, _to("splits"), nullable=False),
    Column("n_classes", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("parent", Integer, _to("label_sets")),
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
    Column("split", Integer, _to("splits"), nullable=False),
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
    _one_of("kind", get_args(PredictionKind)),
    _one_of("score_kind", get_args(ScoreKind)),
)

probabilities = Table(
    "probabilities",
    metadata,
    Column("predictions", Integer, _to("predictions"), primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("origin", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("n_claims", Integer, nullable=False),
    # Who holds the claim where there is exactly one: so that the search for the next item can step over one's own.
    Column("only_reviewer", Integer, _to("users")),
    Column("shuffle", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # An adjudicator reopened it, and has to decide it.
    _flag("held"),
    UniqueConstraint("split", "pass", "item", "class_id"),
    _one_of("pass", Pass),
    _one_of("origin", Origin),
    _one_of("status", QuestionStatus),
    CheckConstraint("n_claims >= 0", name="n_claims"),
)

OPEN_CASE = "status = 'open' AND origin <> 'label'"
"""What a reviewer can be dealt; said literally in queries too, so that they can use the index."""

Index(
    "ix_questions_work",
    questions.c.split,
    questions.c["pass"],
    questions.c.n_claims,
    questions.c.only_reviewer,
    questions.c.shuffle,
    questions.c.item,
    # So that all that the search and the count need stands in the index itself.
    questions.c.status,
    questions.c.origin,
    sqlite_where=text(OPEN_CASE),
    postgresql_where=text(OPEN_CASE),
)
DISPUTED = "status = 'disputed'"
Index(
    "ix_questions_disputed",
    questions.c.split,
    questions.c["pass"],
    questions.c.item,
    sqlite_where=text(DISPUTED),
    postgresql_where=text(DISPUTED),
)
DECIDED_CASE = "status = 'decided' AND origin <> 'label'"
"""What can be asked again as gold."""
Index(
    "ix_questions_decided",
    questions.c.split,
    questions.c["pass"],
    questions.c.shuffle,
    questions.c.item,
    sqlite_where=text(DECIDED_CASE),
    postgresql_where=text(DECIDED_CASE),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("proposer", Integer, _to("users"), nullable=False, index=True),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    # The version that did not judge it.
    Column("label_set", Integer, _to("label_sets"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("split", "item", "class_id"),
)

screens = Table(
    "screens",
    metadata,
    # In the order of dealing; `id` is what the world sees.
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("reviewer", Integer, _to("users"), nullable=False),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("part", Integer, nullable=False),
    Column("n_parts", Integer, nullable=False),
    Column("label_set", Integer, _to("label_sets"), nullable=False),
    Column("status", Word, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When it was answered, skipped or withdrawn.
    Column("ended_at", UtcDateTime),
    Column("submission", Text, unique=True),
    # The submission on another part that made it needless.
    Column("withdrawn_by", Text),
    _purpose(),
    Column("protocol", Integer, ForeignKey("protocols.number")),
    # Time that the reviewer spent on it, idle time left out.
    Column("seconds", Float),
    Index(None, "reviewer", "pass", "status"),
    Index(None, "reviewer", "split", "item", "pass"),
    _one_of("pass", Pass),
    _one_of("status", ScreenStatus),
    _one_of("purpose", Purpose),
    CheckConstraint("(status = 'answered') = (submission IS NOT NULL)", name="submission"),
)

claims = Table(
    "claims",
    metadata,
    Column("question", Integer, _to("questions"), primary_key=True),
    Column("reviewer", Integer, _to("users"), primary_key=True),
    Column("screen", Integer, ForeignKey("screens.number"), nullable=False, index=True),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("submission", Text, nullable=False, index=True),
    Column("reviewer", Integer, _to("users"), nullable=False),
    Column("split", Integer, _to("splits"), nullable=False),
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
    Column("label_set", Integer, _to("label_sets"), nullable=False),
    Column("source", Text),
    Column("created_at", UtcDateTime, nullable=False),
    _purpose(),
    # Given after its reviewer was shown something of the item that others know more about.
    _flag("revealed"),
    Index(None, "split", "item"),
    _one_of("pass", Pass),
    _one_of("verdict", Verdict),
    _one_of("purpose", Purpose),
)

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("submission", Text, primary_key=True),
    Column("reviewer", Integer, _to("users"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    _flag("revealed"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer),
    Column("pass", Word, nullable=False),
    Column("verdict", Word),
    Column("category", Text),
    Column("severity", Text),
    Column("method", Word, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("base", Integer, _to("label_sets"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # With no class: the item is not problematic after all.
    _flag("usable"),
    Index(None, "split", "item", "class_id", "pass"),
    _one_of("pass", Pass),
    _one_of("verdict", Verdict),
    _one_of("method", DecisionMethod),
)

published_decisions = Table(
    "published_decisions",
    metadata,
    Column("decision", Integer, _to("decisions"), primary_key=True),
    Column("label_set", Integer, _to("label_sets"), nullable=False, index=True),
)

votes = Table(
    "votes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ballot", Text, nullable=False, index=True),
    Column("voter", Integer, _to("users"), nullable=False),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer),
    Column("pass", Word, nullable=False),
    Column("verdict", Word),
    Column("category", Text),
    Column("severity", Text),
    Column("reason", Text, nullable=False),
    Column("label_set", Integer, _to("label_sets"), nullable=False),
    # The newest decision on the same when the vote was cast.
    Column("after", Integer, _to("decisions")),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "split", "item", "pass"),
    _one_of("pass", Pass),
    _one_of("verdict", Verdict),
)

reopenings = Table(
    "reopenings",
    metadata,
    # The line that took the decision back, and the decision. None: the class waits because its item was reopened.
    Column("decision", Integer, _to("decisions"), primary_key=True, autoincrement=False),
    Column("reopened", Integer, _to("decisions"), unique=True),
)

guide_texts = Table(
    "guide_texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("class_id", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Integer, _to("users"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("class_id", "number"),
    CheckConstraint("number >= 1", name="number"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("author", Integer, _to("users"), nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Index(None, "split", "item"),
    _one_of("pass", Pass),
)

reveals = Table(
    "reveals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reviewer", Integer, _to("users"), nullable=False),
    Column("split", Integer, _to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("shown", Word, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("reviewer", "split", "item", "pass", "shown"),
    Index(None, "split", "item"),
    _one_of("pass", Pass),
    _one_of("shown", Shown),
)

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Index(None, "actor", "seq"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),
    Column("user", Text, nullable=False),
    Column("body_digest", String(64), nullable=False),
    Column("answer", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

APPEND_ONLY = (
    "comments",
    "decisions",
    "guide_texts",
    "journal",
    "label_sets",
    "proposals",
    "published_decisions",
    "reopenings",
    "reveals",
    "reviews",
    "votes",
    "withdrawals",
)
"""Tables whose rows the database itself refuses to change or delete."""
