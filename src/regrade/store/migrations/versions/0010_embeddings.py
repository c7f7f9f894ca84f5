"""Embeddings: which vectors an embedder gave for the items of a split."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "embeddings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("n_dimensions", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("n_missing", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_embeddings_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_embeddings")),
        sa.UniqueConstraint("name", "split", name=op.f("uq_embeddings_name_split")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER embeddings_no_{verb.lower()} BEFORE {verb} ON embeddings "
                "BEGIN SELECT RAISE(ABORT, 'embeddings is append-only'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER embeddings_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON embeddings "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
