"""A reviewer's answer, for tests that put answers together themselves."""

from __future__ import annotations

from datetime import UTC, datetime

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Review

SAID = Review(
    id=0,
    submission="s",
    reviewer="ada",
    split="main",
    item=0,
    class_id=0,
    pass_=Pass.VERDICT,
    verdict=Verdict.WRONG,
    problematic=False,
    category=None,
    severity=None,
    note="",
    discuss=False,
    added=False,
    labels="original@1",
    source=None,
    created_at=datetime(2026, 3, 1, tzinfo=UTC),
)
"""Replace what matters."""
