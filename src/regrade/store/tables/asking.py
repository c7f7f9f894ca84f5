"""What the panel is asked: protocols, questions, and the screens on which they are dealt."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from regrade.records.panel import Origin, Pass, Purpose, QuestionStatus
from regrade.store.tables.columns import UtcDateTime, Word, flag_column, metadata, one_of, purpose_column, refers_to


class ScreenStatus(StrEnum):
    """Where a screen stands."""

    DEALT = "dealt"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    """Put off; its item has not been dealt to this reviewer again."""
    WITHDRAWN = "withdrawn"
    """Taken back: what it asked was decided meanwhile, its item was called problematic on another part, or the item was
    dealt again after it had been skipped."""


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

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("origin", Word, nullable=False),
    Column("status", Word, nullable=False),
    Column("n_claims", Integer, nullable=False),
    # Who holds the claim where there is exactly one: so that the search for the next item can step over one's own.
    Column("only_reviewer", Integer, refers_to("users")),
    Column("shuffle", BigInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # An adjudicator reopened it, and has to decide it.
    flag_column("held"),
    UniqueConstraint("split", "pass", "item", "class_id"),
    one_of("pass", Pass),
    one_of("origin", Origin),
    one_of("status", QuestionStatus),
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
    Column("proposer", Integer, refers_to("users"), nullable=False, index=True),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("class_id", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    # The version that did not judge it.
    Column("label_set", Integer, refers_to("label_sets"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("split", "item", "class_id"),
)

screens = Table(
    "screens",
    metadata,
    # In the order of dealing; `id` is what the world sees.
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("reviewer", Integer, refers_to("users"), nullable=False),
    Column("split", Integer, refers_to("splits"), nullable=False),
    Column("item", Integer, nullable=False),
    Column("pass", Word, nullable=False),
    Column("classes", JSON, nullable=False),
    Column("part", Integer, nullable=False),
    Column("n_parts", Integer, nullable=False),
    Column("label_set", Integer, refers_to("label_sets"), nullable=False),
    Column("status", Word, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # When it was answered, skipped or withdrawn.
    Column("ended_at", UtcDateTime),
    Column("submission", Text, unique=True),
    # The submission on another part that made it needless.
    Column("withdrawn_by", Text),
    purpose_column(),
    Column("protocol", Integer, ForeignKey("protocols.number")),
    # Time that the reviewer spent on it, idle time left out.
    Column("seconds", Float),
    Index(None, "reviewer", "pass", "status"),
    Index(None, "reviewer", "split", "item", "pass"),
    one_of("pass", Pass),
    one_of("status", ScreenStatus),
    one_of("purpose", Purpose),
    CheckConstraint("(status = 'answered') = (submission IS NOT NULL)", name="submission"),
)

claims = Table(
    "claims",
    metadata,
    Column("question", Integer, refers_to("questions"), primary_key=True),
    Column("reviewer", Integer, refers_to("users"), primary_key=True),
    Column("screen", Integer, ForeignKey("screens.number"), nullable=False, index=True),
)
