"""The first label set of a benchmark whose items carry a label."""

from __future__ import annotations

import numpy as np

from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict


def original_labels(split: Split, n_classes: int) -> LabelSet:
    """Accept each item's original label and judge nothing else.

    Args:
        split: The items; those with NO_LABEL are not covered.
        n_classes: Number of classes C; all labels are in 0..C-1.

    Returns:
        A label set with one verdict, `correct`, per covered item, and no problematic item; empty if no item carries a
        label. Under it every mistake is unreviewed.
    """
    items = np.flatnonzero(split.labels != NO_LABEL).astype(np.int32)
    original = split.labels[items].astype(np.int32)
    return LabelSet(
        split=split.name,
        n_classes=n_classes,
        items=items,
        original=original,
        problematic=np.zeros(len(items), np.bool_),
        pair_items=items,
        pair_classes=original,
        pair_codes=np.full(len(items), Verdict.CORRECT.code, np.int8),
    )
