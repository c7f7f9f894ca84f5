"""The tables of a workspace's database. The migrations make exactly these."""

from __future__ import annotations

from regrade.store.tables.append_only import APPEND_ONLY
from regrade.store.tables.asking import (
    DECIDED_CASE,
    DISPUTED,
    OPEN_CASE,
    ScreenStatus,
    claims,
    proposals,
    protocols,
    questions,
    screens,
)
from regrade.store.tables.columns import UtcDateTime, Word, metadata
from regrade.store.tables.contents import class_files, embeddings, label_sets, predictions, probabilities, splits
from regrade.store.tables.judging import decisions, published_decisions, reopenings, reviews, votes, withdrawals
from regrade.store.tables.keeping import idempotency, journal, settings
from regrade.store.tables.people import attempts, invitations, links, sessions, tokens, user_roles, users
from regrade.store.tables.talking import comments, guide_texts, reveals

__all__ = [
    "APPEND_ONLY",
    "DECIDED_CASE",
    "DISPUTED",
    "OPEN_CASE",
    "ScreenStatus",
    "UtcDateTime",
    "Word",
    "attempts",
    "claims",
    "class_files",
    "comments",
    "decisions",
    "embeddings",
    "guide_texts",
    "idempotency",
    "invitations",
    "journal",
    "label_sets",
    "links",
    "metadata",
    "predictions",
    "probabilities",
    "proposals",
    "protocols",
    "published_decisions",
    "questions",
    "reopenings",
    "reveals",
    "reviews",
    "screens",
    "sessions",
    "settings",
    "splits",
    "tokens",
    "user_roles",
    "users",
    "votes",
    "withdrawals",
]
