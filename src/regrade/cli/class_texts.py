"""Classes as tables and CSV show them: names are not unique, so the class id stands with each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regrade.workflow.named_classes import NamedClass

THE_ITEM = "(the item)"
"""Stands where a class would, if it is about the item itself: whether it is problematic."""


def class_text(class_id: int | None, name: str) -> str:
    """Class id and name.

    >>> class_text(134, "crane"), class_text(None, "")
    ('134 crane', '(the item)')
    """
    return THE_ITEM if class_id is None else f"{class_id} {name}"


def class_cells(classes: Sequence[NamedClass]) -> tuple[str, str]:
    """Two cells of CSV for any number of classes: their ids joined by `;`, and their names joined by `; `."""
    return ";".join(str(row.class_id) for row in classes), "; ".join(row.name for row in classes)
