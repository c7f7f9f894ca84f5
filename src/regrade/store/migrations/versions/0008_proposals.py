"""Proposals: that an item shows a class which nobody was asked about; the question says that it came from there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ORIGIN = "ck_questions_origin"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _remake_questions()
    else:
        op.drop_constraint(op.f(_ORIGIN), "questions", type_="check")
        op.create_check_constraint(op.f(_ORIGIN), "questions", _origins("proposed"))
    _make_proposals()
    _forbid_changes("proposals")


def _origins(*more: str) -> str:
    listed = ", ".join(f"'{word}'" for word in ("prediction", "imported", "added", "label", *more))
    return f'"origin" IN ({listed})'


def _remake_questions() -> None:
    """SQLite changes no check in place. The rows that refer to the table are kept aside while it is made anew."""
    op.execute("CREATE TABLE kept_claims AS SELECT * FROM claims")
    op.execute("DELETE FROM claims")
    _make_questions("new_questions")
    op.execute("INSERT INTO new_questions SELECT * FROM questions")
    op.drop_table("questions")
    op.rename_table("new_questions", "questions")
    _make_indexes()
    op.execute("INSERT INTO claims SELECT * FROM kept_claims")
    op.execute("DROP TABLE kept_claims")


def _make_questions(name: str) -> None:
    """The columns stand in the order in which they came to be, so that rows can be taken over as they are."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("n_claims", sa.Integer(), nullable=False),
        sa.Column("only_reviewer", sa.Integer(), nullable=True),
        sa.Column("shuffle", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(_origins("proposed"), name=op.f(_ORIGIN)),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_questions_pass")),
        sa.CheckConstraint("\"status\" IN ('open', 'disputed', 'decided', 'closed')", name=op.f("ck_questions_status")),
        sa.CheckConstraint("n_claims >= 0", name=op.f("ck_questions_n_claims")),
        sa.ForeignKeyConstraint(["only_reviewer"], ["users.id"], name=op.f("fk_questions_only_reviewer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_questions_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("split", "pass", "item", "class_id", name=op.f("uq_questions_split_pass_item_class_id")),
    )


def _make_indexes() -> None:
    work = ("split", "pass", "n_claims", "only_reviewer", "shuffle", "item", "status", "origin")
    for name, columns, where in (
        ("disputed", ("split", "pass", "item"), "status = 'disputed'"),
        ("work", work, "status = 'open' AND origin <> 'label'"),
        ("decided", ("split", "pass", "shuffle", "item"), "status = 'decided' AND origin <> 'label'"),
    ):
        op.create_index(f"ix_questions_{name}", "questions", columns, unique=False, sqlite_where=sa.text(where))


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposer", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_proposals_label_set")),
        sa.ForeignKeyConstraint(["proposer"], ["users.id"], name=op.f("fk_proposals_proposer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_proposals_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("split", "item", "class_id", name=op.f("uq_proposals_split_item_class_id")),
    )
    op.create_index(op.f("ix_proposals_proposer"), "proposals", ["proposer"], unique=False)


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
