"""What differs between two label sets of one split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.labelsets.lookup import NEVER_JUDGED, codes_at, flags_at, pair_keys
from regrade.records.labels import VERDICTS, LabelSet, Verdict
from regrade.records.publication import LabelChange


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """A diff in numbers."""

    n_added: int
    """Pairs that had no verdict and have one."""
    n_removed: int
    """Pairs that had a verdict and have none."""
    n_changed: int
    """Pairs whose verdict is another."""
    n_made_problematic: int
    """Items that have become problematic."""
    n_made_usable: int
    """Items that are problematic no more."""
    n_items: int
    """Items with at least one of these changes."""


def diff_labels(before: LabelSet, after: LabelSet) -> tuple[LabelChange, ...]:
    """List each (item, class) whose verdict differs, and each item whose `problematic` differs.

    An item that only one of the two covers counts as never judged and not problematic in the other. Original labels
    belong to the items and are not compared.

    Args:
        before: The older content.
        after: The newer content, of the same split and classes.

    Returns:
        Changes by item, of an item first `problematic`, then by class id; empty if the two say the same.

    Raises:
        InputError: The two are of different splits or numbers of classes.
    """
    if (before.split, before.n_classes) != (after.split, after.n_classes):
        raise InputError(
            f"two label sets of split {before.split} with {before.n_classes} classes",
            got=f"one of split {after.split} with {after.n_classes}",
        )
    return _pair_changes(before, after, _flag_changes(before, after))


def _flag_changes(before: LabelSet, after: LabelSet) -> list[LabelChange]:
    items = np.union1d(before.items[before.problematic], after.items[after.problematic])
    flags = flags_at(after, items)
    differs = flags != flags_at(before, items)
    return [
        LabelChange(item=item, class_id=None, before=None, after=None, problematic_after=flag)
        for item, flag in zip(items[differs].tolist(), flags[differs].tolist(), strict=True)
    ]


def _pair_changes(before: LabelSet, after: LabelSet, changes: list[LabelChange]) -> tuple[LabelChange, ...]:
    """The changes of verdicts, with the given ones before them on each item."""
    keys = np.union1d(
        pair_keys(before.pair_items, before.pair_classes, before.n_classes),
        pair_keys(after.pair_items, after.pair_classes, after.n_classes),
    )
    items, classes = np.divmod(keys, before.n_classes)
    old, new = codes_at(before, items, classes), codes_at(after, items, classes)
    at = np.flatnonzero(old != new)
    changes += [
        LabelChange(item=item, class_id=class_id, before=verdict_of(was), after=verdict_of(is_))
        for item, class_id, was, is_ in zip(*_lists(items[at], classes[at], old[at], new[at]), strict=True)
    ]
    return tuple(sorted(changes, key=lambda change: change.item))


def _lists(*arrays: npt.NDArray[np.integer]) -> list[list[int]]:
    return [array.tolist() for array in arrays]


def verdict_of(code: int) -> Verdict | None:
    """The verdict of a code; None for NEVER_JUDGED."""
    return None if code == NEVER_JUDGED else VERDICTS[code]


def count_changes(changes: Sequence[LabelChange]) -> ChangeCounts:
    """Sum up a diff.

    Args:
        changes: As `diff_labels` or a publication gives them; may be empty.

    Returns:
        How many changes there are of each sort, and on how many items.
    """
    pairs = [change for change in changes if change.class_id is not None]
    flags = [change.problematic_after for change in changes if change.class_id is None]
    return ChangeCounts(
        n_added=sum(change.before is None for change in pairs),
        n_removed=sum(change.after is None for change in pairs),
        n_changed=sum(change.before is not None and change.after is not None for change in pairs),
        n_made_problematic=flags.count(True),
        n_made_usable=flags.count(False),
        n_items=len({change.item for change in changes}),
    )
