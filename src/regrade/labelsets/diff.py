"""What differs between two label sets of one split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.labelsets.lookup import NEVER_JUDGED, check_alike, codes_at, find, flags_at, pair_keys
from regrade.records.items import NO_LABEL
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


@dataclass(frozen=True, slots=True)
class ClassChanges:
    """The part of a diff that is about one class."""

    class_id: int
    n_added: int
    """Pairs of this class that had no verdict and have one."""
    n_removed: int
    """Pairs of this class that had a verdict and have none."""
    n_changed: int
    """Pairs of this class whose verdict is another."""
    n_made_problematic: int
    """Items of this original class that have become problematic."""
    n_made_usable: int
    """Items of this original class that are problematic no more."""


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
    check_alike(before, after)
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


def count_class_changes(changes: Sequence[LabelChange], before: LabelSet, after: LabelSet) -> tuple[ClassChanges, ...]:
    """Sum up a diff class by class.

    Args:
        changes: What `diff_labels` gives for the two; may be empty.
        before: The older content.
        after: The newer content; it says an item's original class, or else the older one.

    Returns:
        The classes that have a change, by id. An item without an original label counts for no class where the change
        is of `problematic`, so these two counts may add up to less than those of the whole diff.
    """
    found: dict[int, Counter[str]] = {}
    for change, class_id in zip(changes, _classes_of(changes, before, after), strict=True):
        if class_id != NO_LABEL:
            found.setdefault(class_id, Counter())[_sort_of(change)] += 1
    return tuple(
        ClassChanges(
            class_id=class_id,
            n_added=counts["added"],
            n_removed=counts["removed"],
            n_changed=counts["changed"],
            n_made_problematic=counts["made problematic"],
            n_made_usable=counts["made usable"],
        )
        for class_id, counts in sorted(found.items())
    )


def _sort_of(change: LabelChange) -> str:
    if change.class_id is None:
        return "made problematic" if change.problematic_after else "made usable"
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def _classes_of(changes: Sequence[LabelChange], before: LabelSet, after: LabelSet) -> list[int]:
    """The class that each change is about; of a whole item its original class, or NO_LABEL."""
    items = np.array([change.item for change in changes], np.int64)
    original = _originals_at(after, items)
    original = np.where(original == NO_LABEL, _originals_at(before, items), original)
    return [
        label if change.class_id is None else change.class_id
        for change, label in zip(changes, original.tolist(), strict=True)
    ]


def _originals_at(labels: LabelSet, items: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    at, found = find(labels.items, items)
    original = np.full(len(items), NO_LABEL, np.int32)
    original[found] = labels.original[at[found]]
    return original


def find_changed_items(before: LabelSet, after: LabelSet) -> npt.NDArray[np.int32]:
    """Find the items on which a grade by one content can differ from a grade by the other.

    Args:
        before: The older content.
        after: The newer content, of the same split and classes.

    Returns:
        (m,) positions, ascending, of the items that only one of them covers, or whose original label, `problematic` or
        any verdict differs; empty if the two are equal.

    Raises:
        InputError: The two are of different splits or numbers of classes.
    """
    check_alike(before, after)
    of_items = np.setxor1d(_item_codes(before), _item_codes(after), assume_unique=True) // (2 * (before.n_classes + 1))
    of_pairs = np.setxor1d(_pair_codes(before), _pair_codes(after), assume_unique=True) // (
        len(VERDICTS) * before.n_classes
    )
    return np.union1d(of_items, of_pairs).astype(np.int32)


def _item_codes(labels: LabelSet) -> npt.NDArray[np.int64]:
    """One number per covered item that says its position, original label and flag, highest part first."""
    return (labels.items * np.int64(labels.n_classes + 1) + (labels.original - NO_LABEL)) * 2 + labels.problematic


def _pair_codes(labels: LabelSet) -> npt.NDArray[np.int64]:
    """One number per verdict that says its item, class and code, highest part first."""
    return pair_keys(labels.pair_items, labels.pair_classes, labels.n_classes) * len(VERDICTS) + labels.pair_codes
