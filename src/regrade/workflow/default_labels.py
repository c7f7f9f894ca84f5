"""Which label set is used where none is named."""

from __future__ import annotations

from regrade.store import Transaction, labelsets, reviews
from regrade.workflow.workspace import MAIN_SPLIT, ORIGINAL


def default_name(tx: Transaction) -> str:
    """Name of the default label set: the chosen one, else the first imported, else `original`."""
    return labelsets.load_default_name(tx) or ORIGINAL


def takes_over(tx: Transaction) -> bool:
    """Whether a name imported now becomes the default.

    It does while none was chosen or imported, and nobody has worked on `original`: its second version, or a review of
    its items, would be left behind without a word.
    """
    if labelsets.load_default_name(tx) is not None:
        return False
    versions = [row.version for row in labelsets.list_label_sets(tx) if row.name == ORIGINAL]
    return not versions or (max(versions) == 1 and not reviews.has_reviews(tx, MAIN_SPLIT))
