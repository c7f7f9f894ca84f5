"""Reopenings: a class that waits because its item was reopened has a line, too; times tell what was said before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _remake_reopenings()
    else:
        op.alter_column("reopenings", "reopened", existing_type=sa.Integer(), nullable=True)
        op.drop_column("reopenings", "last_review")


def _remake_reopenings() -> None:
    """SQLite makes no column nullable in place. Its triggers go with the table, and are made anew."""
    op.create_table(
        "new_reopenings",
        sa.Column("decision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_reopenings_decision")),
        sa.ForeignKeyConstraint(["reopened"], ["decisions.id"], name=op.f("fk_reopenings_reopened")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_reopenings")),
        sa.UniqueConstraint("reopened", name=op.f("uq_reopenings_reopened")),
    )
    op.execute("INSERT INTO new_reopenings SELECT decision, reopened FROM reopenings")
    op.drop_table("reopenings")
    op.rename_table("new_reopenings", "reopenings")
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER reopenings_no_{verb.lower()} BEFORE {verb} ON reopenings "
            "BEGIN SELECT RAISE(ABORT, 'reopenings is append-only'); END"
        )
