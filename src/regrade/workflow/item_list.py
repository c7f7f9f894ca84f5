"""The items of a split, in the order in which files without ids hold their rows."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.items import NO_LABEL
from regrade.workflow.workspace import MAIN_SPLIT, Workspace


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item."""

    row: int
    """Its position in the split, from 0."""
    id: str
    class_id: int | None
    """Its own label; None where it has none."""
    key: str | None
    """The label's key."""
    name: str | None
    """The label's name."""
    path: str | None
    """Its media file below the split's media folder; None where it has none."""


def list_items(ws: Workspace, split: str = MAIN_SPLIT) -> tuple[ItemRow, ...]:
    """All items of a split, by position.

    Raises:
        NotFoundError: There is no such split.
    """
    items, classes = ws.split(split), ws.classes
    labels = (None if label == NO_LABEL else label for label in items.labels.tolist())
    return tuple(
        ItemRow(
            row=row,
            id=item_id,
            class_id=label,
            key=None if label is None else classes.keys[label],
            name=None if label is None else classes.names[label],
            path=path or None,
        )
        for row, (item_id, label, path) in enumerate(zip(items.ids, labels, items.media, strict=True))
    )
