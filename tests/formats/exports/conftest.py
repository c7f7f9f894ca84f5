"""Label sheets that the tests of exports share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import LabelSet, LabelSetVersion, Verdict
from regrade.records.provenance import LabelSheet

SheetOf = Callable[..., LabelSheet]
Rows = Sequence[tuple[int, int, dict[int, str], bool]]
"""(item, original label, verdicts by class, problematic), items ascending."""


def version_of(name: str = "reviewed", version: int = 2, **changes: Any) -> LabelSetVersion:
    fields: dict[str, Any] = {
        "split": "main",
        "digest": "ab" * 32,
        "parent": "reviewed@1",
        "author": "ada",
        "created_at": datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        "reason": "first round",
    }
    return LabelSetVersion(name=name, version=version, **fields | changes)


def labels_of(rows: Rows, *, n_classes: int = 4) -> LabelSet:
    """A label set of such rows."""
    pairs = [(item, class_id, verdicts[class_id]) for item, _, verdicts, _ in rows for class_id in sorted(verdicts)]
    return LabelSet(
        split="main",
        n_classes=n_classes,
        items=np.array([row[0] for row in rows], np.int32),
        original=np.array([row[1] for row in rows], np.int32),
        problematic=np.array([row[3] for row in rows], np.bool_),
        pair_items=np.array([pair[0] for pair in pairs], np.int32),
        pair_classes=np.array([pair[1] for pair in pairs], np.int32),
        pair_codes=np.array([Verdict(pair[2]).code for pair in pairs], np.int8),
    )


@pytest.fixture
def sheet_of(split: Split, classes: ClassList) -> SheetOf:
    """Make a sheet of the three items a, b, c (labels 0, 1, none) and four classes n1 to n4."""

    def build(rows: Rows, **changes: Any) -> LabelSheet:
        fields: dict[str, Any] = {"split": split, "classes": classes, "benchmark": "birds", "media_type": "image"}
        return LabelSheet(**{"labels": labels_of(rows), "version": version_of(), **fields, **changes})

    return build


@pytest.fixture
def sheet(sheet_of: SheetOf) -> LabelSheet:
    """All that can be: every verdict, a problematic item, one that is not covered, one without any verdict."""
    return sheet_of([(0, 0, {0: "correct", 1: "wrong", 2: "wrong", 3: "unclear"}, False), (1, 1, {}, True)])
