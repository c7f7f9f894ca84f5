"""Changes of the answer key in the order in which people want to see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regrade.workflow.label_diffs import ChangeView


@dataclass(frozen=True, slots=True)
class ChangeGroups:
    """Changes apart: those that can move a grade, and those that only say what was not known."""

    moving: tuple[ChangeView, ...]
    """A class is accepted now and was not, or the other way round; or an item is graded no more, or again."""
    settling: tuple[ChangeView, ...]
    """The rest: a class that nobody had judged is known to be wrong, or an accepted one is accepted otherwise."""
    n_moving: int
    """Of the first kind in all."""
    n_settling: int
    """Of the second kind in all."""
    n_hidden: int
    """Changes left out of both, since there are too many for a page."""


def group_changes(changes: Sequence[ChangeView], *, most: int) -> ChangeGroups:
    """Set the changes that can move a grade before the others, each kind in its order.

    Args:
        changes: All changes.
        most: How many to show, at least 0.
    """
    moving = [row for row in changes if row.moves_grades]
    settling = [row for row in changes if not row.moves_grades]
    left = max(0, most - len(moving))
    return ChangeGroups(
        moving=tuple(moving[:most]),
        settling=tuple(settling[:left]),
        n_moving=len(moving),
        n_settling=len(settling),
        n_hidden=max(0, len(changes) - most),
    )
