"""Which of several versions made a change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from regrade.labelsets.lookup import WHOLE_ITEM, values_at
from regrade.records.labels import LabelSet
from regrade.records.publication import LabelChange


def trace_changes(
    changes: Sequence[LabelChange], start: LabelSet, versions: Sequence[LabelSet]
) -> tuple[int | None, ...]:
    """Find the version that gave each changed pair (or item's `problematic`) the value that it has in the end.

    Args:
        changes: What is asked about; only item and class are looked at. May be empty.
        start: The content before the first of the versions.
        versions: Contents of the same split and classes, each made from the one before it, oldest first.

    Returns:
        For each change the index of the last version that says something else there than the one before it; None where
        all say what the start says.
    """
    items = np.array([change.item for change in changes], np.int64)
    classes = np.array([WHOLE_ITEM if change.class_id is None else change.class_id for change in changes], np.int64)
    maker = np.full(len(changes), -1)
    before = values_at(start, items, classes)
    for at, version in enumerate(versions):
        values = values_at(version, items, classes)
        maker[values != before] = at
        before = values
    return tuple(None if at < 0 else at for at in maker.tolist())
