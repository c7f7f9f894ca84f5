"""What the panel's tests build again and again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from regrade.records.labels import Verdict
from regrade.records.panel import Pass, Review


def time_of(number: int) -> datetime:
    """When the review of that number was given."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)


@pytest.fixture(scope="session")
def review_of() -> Callable[..., Review]:
    """Make a review of item 0: `review_of(1, "ann", 5, "wrong")`; class None means problematic."""

    def build(
        id_: int,
        reviewer: str,
        class_id: int | None,
        verdict: str | None = None,
        *,
        kind: tuple[str, str] | None = None,
        added: bool = False,
        withdrawn: bool = False,
        source: str | None = None,
    ) -> Review:
        return Review(
            id=id_,
            submission=f"s{id_}",
            reviewer=reviewer,
            split="main",
            item=0,
            class_id=class_id,
            pass_=Pass.VERDICT if kind is None else Pass.KIND,
            verdict=None if verdict is None else Verdict(verdict),
            problematic=class_id is None,
            category=None if kind is None else kind[0],
            severity=None if kind is None else kind[1],
            note="",
            discuss=False,
            added=added,
            labels="original@1",
            source=source,
            created_at=time_of(id_),
            withdrawn=withdrawn,
        )

    return build
