"""The panel writes a class guide and comments on items, and what a reviewer was shown of an item is noted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_PASSES = "\"pass\" IN ('verdict', 'kind')"


def upgrade() -> None:
    _make_guide_texts()
    _make_comments()
    _make_reveals()
    for table in ("reviews", "withdrawals"):
        # In plain SQL, which both databases read: a table that others refer to cannot be made anew in SQLite.
        op.execute(f"ALTER TABLE {table} ADD COLUMN revealed BOOLEAN DEFAULT false NOT NULL")
    for table in ("guide_texts", "comments", "reveals"):
        _forbid_changes(table)


def _make_guide_texts() -> None:
    op.create_table(
        "guide_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_guide_texts_number")),
        sa.ForeignKeyConstraint(["author"], ["users.id"], name=op.f("fk_guide_texts_author")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_texts")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_guide_texts_class_id_number")),
    )


def _make_comments() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("author", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_PASSES, name=op.f("ck_comments_pass")),
        sa.ForeignKeyConstraint(["author"], ["users.id"], name=op.f("fk_comments_author")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_comments_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index(op.f("ix_comments_split_item"), "comments", ["split", "item"], unique=False)


def _make_reveals() -> None:
    op.create_table(
        "reveals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("shown", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_PASSES, name=op.f("ck_reveals_pass")),
        sa.CheckConstraint("\"shown\" IN ('outcome', 'discussion')", name=op.f("ck_reveals_shown")),
        sa.ForeignKeyConstraint(["reviewer"], ["users.id"], name=op.f("fk_reveals_reviewer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_reveals_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveals")),
        sa.UniqueConstraint(
            "reviewer", "split", "item", "pass", "shown", name=op.f("uq_reveals_reviewer_split_item_pass_shown")
        ),
    )
    op.create_index(op.f("ix_reveals_split_item"), "reveals", ["split", "item"], unique=False)


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
