"""All tables, without the rule that some of them are append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _make_users()
    _make_user_roles()
    _make_sessions()
    _make_links()
    _make_attempts()
    _make_settings()
    _make_class_files()
    _make_splits()
    _make_label_sets()
    _make_predictions()
    _make_questions()
    _make_screens()
    _make_claims()
    _make_reviews()
    _make_withdrawals()
    _make_decisions()
    _make_published_decisions()
    _make_journal()
    _make_idempotency()


def _make_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"kind\" IN ('password', 'local', 'external')", name=op.f("ck_users_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("key", name=op.f("uq_users_key")),
    )


def _make_user_roles() -> None:
    op.create_table(
        "user_roles",
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.CheckConstraint("\"role\" IN ('reviewer', 'adjudicator', 'admin')", name=op.f("ck_user_roles_role")),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_user_roles_user")),
        sa.PrimaryKeyConstraint("user", "role", name=op.f("pk_user_roles")),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_sessions_user")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sessions_user"), "sessions", ["user"], unique=False)


def _make_links() -> None:
    op.create_table(
        "links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name=op.f("fk_links_user")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_links")),
    )


def _make_attempts() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_account_at"), "attempts", ["account", "at"], unique=False)
    op.create_index(op.f("ix_attempts_address_at"), "attempts", ["address", "at"], unique=False)
    op.create_index(op.f("ix_attempts_at"), "attempts", ["at"], unique=False)


def _make_settings() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )


def _make_class_files() -> None:
    op.create_table(
        "class_files",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"kind\" IN ('classes', 'edges', 'nodes')", name=op.f("ck_class_files_kind")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_class_files")),
    )


def _make_splits() -> None:
    op.create_table(
        "splits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("n_items", sa.Integer(), nullable=False),
        sa.Column("media_root", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_splits")),
        sa.UniqueConstraint("name", name=op.f("uq_splits_name")),
    )


def _make_label_sets() -> None:
    op.create_table(
        "label_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("n_classes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_label_sets_version")),
        sa.ForeignKeyConstraint(["parent"], ["label_sets.id"], name=op.f("fk_label_sets_parent")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_label_sets_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_sets")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_label_sets_name_version")),
    )


def _make_predictions() -> None:
    op.create_table(
        "predictions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("n_classes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scores_digest", sa.String(length=64), nullable=True),
        sa.Column("score_kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("n_missing", sa.Integer(), nullable=False),
        sa.Column("n_ties", sa.Integer(), nullable=False),
        sa.Column("only_mistakes", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"kind\" IN ('model', 'human')", name=op.f("ck_predictions_kind")),
        sa.CheckConstraint(
            "\"score_kind\" IN ('none', 'probability', 'score')", name=op.f("ck_predictions_score_kind")
        ),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_predictions_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_predictions")),
        sa.UniqueConstraint("split", "model", name=op.f("uq_predictions_split_model")),
    )


def _make_questions() -> None:
    op.create_table(
        "questions",
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
        sa.CheckConstraint(
            "\"origin\" IN ('prediction', 'imported', 'added', 'label')", name=op.f("ck_questions_origin")
        ),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_questions_pass")),
        sa.CheckConstraint("\"status\" IN ('open', 'disputed', 'decided', 'closed')", name=op.f("ck_questions_status")),
        sa.CheckConstraint("n_claims >= 0", name=op.f("ck_questions_n_claims")),
        sa.ForeignKeyConstraint(["only_reviewer"], ["users.id"], name=op.f("fk_questions_only_reviewer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_questions_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("split", "pass", "item", "class_id", name=op.f("uq_questions_split_pass_item_class_id")),
    )
    op.create_index(
        "ix_questions_disputed",
        "questions",
        ["split", "pass", "item"],
        unique=False,
        sqlite_where=sa.text("status = 'disputed'"),
        postgresql_where=sa.text("status = 'disputed'"),
    )
    op.create_index(
        "ix_questions_work",
        "questions",
        ["split", "pass", "n_claims", "only_reviewer", "shuffle", "item", "status", "origin"],
        unique=False,
        sqlite_where=sa.text("status = 'open' AND origin <> 'label'"),
        postgresql_where=sa.text("status = 'open' AND origin <> 'label'"),
    )


def _make_screens() -> None:
    op.create_table(
        "screens",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("classes", sa.JSON(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("n_parts", sa.Integer(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission", sa.Text(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint("(status = 'answered') = (submission IS NOT NULL)", name=op.f("ck_screens_submission")),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_screens_pass")),
        sa.CheckConstraint(
            "\"status\" IN ('dealt', 'answered', 'skipped', 'withdrawn')", name=op.f("ck_screens_status")
        ),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_screens_label_set")),
        sa.ForeignKeyConstraint(["reviewer"], ["users.id"], name=op.f("fk_screens_reviewer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_screens_split")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_screens")),
        sa.UniqueConstraint("id", name=op.f("uq_screens_id")),
        sa.UniqueConstraint("submission", name=op.f("uq_screens_submission")),
    )
    op.create_index(op.f("ix_screens_reviewer_pass_status"), "screens", ["reviewer", "pass", "status"], unique=False)
    op.create_index(
        op.f("ix_screens_reviewer_split_item_pass"), "screens", ["reviewer", "split", "item", "pass"], unique=False
    )


def _make_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("screen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question"], ["questions.id"], name=op.f("fk_claims_question")),
        sa.ForeignKeyConstraint(["reviewer"], ["users.id"], name=op.f("fk_claims_reviewer")),
        sa.ForeignKeyConstraint(["screen"], ["screens.number"], name=op.f("fk_claims_screen")),
        sa.PrimaryKeyConstraint("question", "reviewer", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_screen"), "claims", ["screen"], unique=False)


def _make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("problematic", sa.Boolean(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("discuss", sa.Boolean(), nullable=False),
        sa.Column("added", sa.Boolean(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_reviews_pass")),
        sa.CheckConstraint("\"verdict\" IN ('wrong', 'unclear', 'correct')", name=op.f("ck_reviews_verdict")),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_reviews_label_set")),
        sa.ForeignKeyConstraint(["reviewer"], ["users.id"], name=op.f("fk_reviews_reviewer")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_reviews_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_split_item"), "reviews", ["split", "item"], unique=False)
    op.create_index(op.f("ix_reviews_submission"), "reviews", ["submission"], unique=False)


def _make_withdrawals() -> None:
    op.create_table(
        "withdrawals",
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reviewer"], ["users.id"], name=op.f("fk_withdrawals_reviewer")),
        sa.PrimaryKeyConstraint("submission", name=op.f("pk_withdrawals")),
    )


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("split", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("pass", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "\"method\" IN ('consensus', 'adjudication', 'imported', 'reopened')", name=op.f("ck_decisions_method")
        ),
        sa.CheckConstraint("\"pass\" IN ('verdict', 'kind')", name=op.f("ck_decisions_pass")),
        sa.CheckConstraint("\"verdict\" IN ('wrong', 'unclear', 'correct')", name=op.f("ck_decisions_verdict")),
        sa.ForeignKeyConstraint(["base"], ["label_sets.id"], name=op.f("fk_decisions_base")),
        sa.ForeignKeyConstraint(["split"], ["splits.id"], name=op.f("fk_decisions_split")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
    )
    op.create_index(
        op.f("ix_decisions_split_item_class_id_pass"), "decisions", ["split", "item", "class_id", "pass"], unique=False
    )


def _make_published_decisions() -> None:
    op.create_table(
        "published_decisions",
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["decisions.id"], name=op.f("fk_published_decisions_decision")),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_published_decisions_label_set")),
        sa.PrimaryKeyConstraint("decision", name=op.f("pk_published_decisions")),
    )
    op.create_index(op.f("ix_published_decisions_label_set"), "published_decisions", ["label_set"], unique=False)


def _make_journal() -> None:
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_journal")),
    )


def _make_idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_idempotency")),
    )
