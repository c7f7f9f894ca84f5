"""What a file cannot hold of a label set, in words."""

from __future__ import annotations

import numpy as np

from regrade.records.provenance import LabelSheet


def count_lost(count: int, what: str, instead: str) -> tuple[str, ...]:
    """A line that says how much is lost; none if it is nothing.

    Args:
        count: How much.
        what: Of what, in words.
        instead: What reading the file gives in their place.
    """
    return (f"{count:,} {what} cannot be held: read again, they are {instead}.",) if count else ()


def count_lost_originals(sheet: LabelSheet) -> tuple[str, ...]:
    """A line that says how many original labels are the label set's alone; none if all are those of the items."""
    labels = sheet.labels
    n_other = int(np.count_nonzero(labels.original != sheet.split.labels[labels.items]))
    return count_lost(n_other, "original labels that the items do not carry themselves", "what the items carry")
