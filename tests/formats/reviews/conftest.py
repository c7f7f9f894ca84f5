"""A benchmark whose ids, keys and words are as odd as files allow, and entries about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from regrade.formats import ReviewContext
from regrade.records.classes import ClassList
from regrade.records.exchange import EntryKind, PanelEntry
from regrade.records.items import Split
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass

IDS = ("a", "=b", "'c", "d,e", 'f"g', "é/h.png")
SPLIT = Split("main", IDS, np.full(len(IDS), -1, np.int32), ("",) * len(IDS))
CLASSES = ClassList(("n1", "n2", "7x", "é"), ("crane", "crane", "", "tench"), ("",) * 4, ("",) * 4)
TOKENS = {f"item-{at}": at for at in range(len(IDS))}
AT = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)

REVIEW = PanelEntry(
    kind=EntryKind.REVIEW,
    submission="s1",
    author="ada",
    item=0,
    class_id=1,
    pass_=Pass.VERDICT,
    verdict=Verdict.WRONG,
    labels="original@1",
    created_at=AT,
)
DECISION = replace(
    REVIEW,
    kind=EntryKind.DECISION,
    submission="",
    author="ada, bo",
    method=DecisionMethod.CONSENSUS,
    labels="original@1",
)


def context(**fields: object) -> ReviewContext:
    return ReviewContext(SPLIT, CLASSES, TOKENS.get, **fields)  # type: ignore[arg-type]
