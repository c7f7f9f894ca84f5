"""Predictions may keep the probabilities of all classes beside their ranks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "probabilities",
        sa.Column("predictions", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["predictions"], ["predictions.id"], name=op.f("fk_probabilities_predictions")),
        sa.PrimaryKeyConstraint("predictions", name=op.f("pk_probabilities")),
    )
