"""More roles, invitations, and a quick way to what somebody did last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _allow_more_roles()
    op.create_table(
        "invitations",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_invitations_user")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
        sa.UniqueConstraint("user", name=op.f("uq_invitations_user")),
    )
    op.create_index(op.f("ix_journal_actor_seq"), "journal", ["actor", "seq"], unique=False)


def _allow_more_roles() -> None:
    before = sa.Table(
        "user_roles",
        sa.MetaData(),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint("\"role\" IN ('reviewer', 'adjudicator', 'admin')", name=op.f("ck_user_roles_role")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_user_roles_user")),
        sa.PrimaryKeyConstraint("user", "role", name=op.f("pk_user_roles")),
    )
    with op.batch_alter_table("user_roles", copy_from=before) as batch:
        batch.drop_constraint(op.f("ck_user_roles_role"), type_="check")
        batch.create_check_constraint(
            op.f("ck_user_roles_role"), "\"role\" IN ('reviewer', 'adjudicator', 'admin', 'viewer', 'proposer')"
        )
