"""What is only ever added to."""

from __future__ import annotations

APPEND_ONLY = (
    "comments",
    "decisions",
    "embeddings",
    "guide_texts",
    "journal",
    "label_sets",
    "proposals",
    "published_decisions",
    "reopenings",
    "reveals",
    "reviews",
    "votes",
    "withdrawals",
)
"""Tables whose rows the database itself refuses to change or delete."""
