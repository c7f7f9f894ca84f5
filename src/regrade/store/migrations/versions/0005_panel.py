"""Protocols are versions, screens have a purpose, adjudicators may vote, and decisions can be reopened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_PURPOSE = (
    "purpose VARCHAR(20) DEFAULT 'panel' NOT NULL "
    "CONSTRAINT ck_{table}_purpose CHECK (\"purpose\" IN ('panel', 'gold', 'audit'))"
)


def upgrade() -> None:
    _make_protocols()
    _add_column("screens", _PURPOSE.format(table="screens"))
    _add_column("screens", "protocol INTEGER CONSTRAINT fk_screens_protocol REFERENCES protocols (number)")
    _add_column("screens", "seconds FLOAT")
    _add_column("reviews", _PURPOSE.format(table="reviews"))
    _add_column("questions", "held BOOLEAN DEFAULT false NOT NULL")
    _add_column("decisions", "usable BOOLEAN DEFAULT false NOT NULL")
    _make_decided_index()
    _make_votes()
    _make_reopenings()
    for table in ("votes", "reopenings"):
        _forbid_changes(table)


def _add_column(table: str, column: str) -> None:
    """In plain SQL, which both databases read: a table that others refer to cannot be made anew in SQLite."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _make_protocols() -> None:
    op.create_table(
        "protocols",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_review_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_protocols_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_protocols")),
    )


def _make_decided_index() -> None:
    decided = sa.text("status = 'decided' AND origin <> 'label'")
    op.create_index(
        "ix_questions_decided",
        "questions",
        ["split", "pass", "shuffle", "item"],
        unique=False,
        sqlite_where=decided,
        postgresql_where=decided,
    )


def _make_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ballot", sa.Text(), nullable=False),
        sa.Column("voter", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_votes_pass")),
        sa.CheckConstraint("\"verdict\" IN ('wrong', 'unclear', 'correct')", name=op.f("ck_votes_verdict")),
        sa.ForeignKeyConstraint(["after"], ["decisions.id"], name=op.f("fk_votes_after")),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_votes_label_set")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_votes_split")),
        sa.ForeignKeyConstraint(["voter"], ["users.id"], name=op.f("fk_votes_voter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_ballot"), "votes", ["ballot"], unique=False)
    op.create_index(op.f("ix_votes_split_item_pass"), "votes", ["split", "item", "pass"], unique=False)


def _make_reopenings() -> None:
    op.create_table(
        "reopenings",
        sa.Column("decision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("last_review", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_reopenings_decision")),
        sa.ForeignKeyConstraint(["reopened"], ["decisions.id"], name=op.f("fk_reopenings_reopened")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_reopenings")),
        sa.UniqueConstraint("reopened", name=op.f("uq_reopenings_reopened")),
    )


def _forbid_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
