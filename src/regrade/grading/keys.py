"""The answer key: what grading any number of models against one version needs, prepared once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.policies import Covered, Rubric, get_policy
from regrade.grading.policies.registry import least_accepted_code
from regrade.records.grades import UNREVIEWED_CODE, Policy, UnclearRule
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet

NO_MATCH = -2
"""Stands where no predicted class may match; differs from NO_LABEL and NO_CLASS, which must not match each other."""

_LAST_KEY = np.iinfo(np.int64).max
"""Ends `pair_keys`, so that a search never runs off the end."""


@dataclass(frozen=True, slots=True, eq=False)
class AnswerKey:
    """One version of the labels under one policy (and on one slice), ready to grade models.

    n is the number of items of the split, g of those that the policy grades, C of classes.
    """

    labels: str
    """`NAME@N`."""
    policy: Policy
    slice: str | None
    split: str
    n_classes: int
    ranked_labels: npt.NDArray[np.int32]
    """(n,) what top-1 and top-5 are counted against: the original class id, or NO_MATCH: the item does not count."""
    n_ranked: int
    """Items that have such a label."""
    rubric: Rubric
    items: npt.NDArray[np.intp]
    """(g,) positions of the graded items, ascending."""
    expected: npt.NDArray[np.int32]
    """(g,) the original class where it is accepted, else NO_MATCH: most predictions need no other look."""
    original: npt.NDArray[np.int32]
    """(g,) original class id, C where there is none."""
    class_sizes: npt.NDArray[np.int64]
    """(C,) graded items of each original class."""
    least_code: int
    """The lowest verdict code that is accepted."""
    pair_keys: npt.NDArray[np.int64]
    """(p + 1,) item * C + class of every judged pair of the graded items, ascending; the last one is no pair."""
    pair_codes: npt.NDArray[np.int8]
    """(p + 1,) their verdict codes; UNREVIEWED_CODE for the last."""
    notes: tuple[str, ...]
    """What every grade by this key has to say."""

    def look_up(self, items: npt.NDArray[np.intp], classes: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
        """Verdict codes of (item, class) pairs; UNREVIEWED_CODE where nobody ever judged the pair."""
        keys = items * np.int64(self.n_classes) + classes
        at = np.searchsorted(self.pair_keys, keys)
        return np.where(self.pair_keys[at] == keys, self.pair_codes[at], np.int8(UNREVIEWED_CODE))


def prepare_key(
    labels: LabelSet,
    split: Split,
    *,
    ref: str,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    only: npt.NDArray[np.int32] | None = None,
    slice_name: str | None = None,
) -> AnswerKey:
    """Prepare a version of the labels for grading.

    Args:
        labels: The version's content; may cover part of the split, or nothing.
        split: The split that it is for.
        ref: `NAME@N`, which every grade will name.
        policy: How to grade.
        unclear: Whether a class marked unclear is accepted; of no account under `single`.
        only: (s,) positions of a slice's items, in any order; None: the whole split.
        slice_name: The slice's name; given if and only if `only` is.

    Returns:
        The key. Top-1 and top-5 use the split's original label, and the label set's where the split has none; classes
        and the policy `single` use the label set's first. A note counts the items on which the two differ.

    Raises:
        InputError: The labels are of another split, the policy is unknown, a position is not in the split, or only
            one of `only` and `slice_name` is given.
    """
    _check(labels, split, only, slice_name)
    in_slice = np.ones(len(split), np.bool_)
    if only is not None:
        in_slice[:] = False
        in_slice[only] = True

    chosen = in_slice[labels.items]
    items = labels.items[chosen].astype(np.intp)
    original = np.where(labels.original == NO_LABEL, split.labels[labels.items], labels.original)[chosen]
    least_code = least_accepted_code(unclear)
    accepted_items = labels.pair_items[labels.pair_codes >= least_code]
    rubric = get_policy(policy)(
        Covered(
            original=original,
            problematic=labels.problematic[chosen],
            n_accepted=np.bincount(accepted_items, minlength=len(split))[items],
            unclear=unclear,
        )
    )
    items, original = items[rubric.graded], original[rubric.graded]
    pair_keys, pair_codes = _judged_pairs(labels, items, len(split), rubric)
    ranked_labels, n_differing = _ranked_labels(labels, split, in_slice)
    notes = rubric.notes
    if n_differing:
        notes += (f"Items with another original label in {ref}: {n_differing}; top-1 and top-5 use the split's.",)
    key = AnswerKey(
        labels=ref,
        policy=policy,
        slice=slice_name,
        split=split.name,
        n_classes=labels.n_classes,
        ranked_labels=ranked_labels,
        n_ranked=int(np.count_nonzero(ranked_labels != NO_MATCH)),
        rubric=rubric,
        items=items,
        expected=original.copy(),
        original=np.where(original == NO_LABEL, np.int32(labels.n_classes), original),
        class_sizes=np.bincount(original[original != NO_LABEL], minlength=labels.n_classes),
        least_code=least_code,
        pair_keys=pair_keys,
        pair_codes=pair_codes,
        notes=notes,
    )
    if rubric.accepts == "verdicts":
        key.expected[key.look_up(items, original.astype(np.int64)) < least_code] = NO_MATCH
    return key


def _check(labels: LabelSet, split: Split, only: npt.NDArray[np.int32] | None, slice_name: str | None) -> None:
    if labels.split != split.name:
        raise InputError(f"labels of the split {split.name}", got=f"labels of the split {labels.split}")
    if (only is None) != (slice_name is None):
        raise InputError("the items and the name of a slice", got="one without the other", where="slice")
    if only is not None and len(only) and not 0 <= only.min() <= only.max() < len(split):
        raise InputError(
            f"positions from 0 to {len(split) - 1}",
            got=f"positions from {only.min()} to {only.max()}",
            where=f"slice {slice_name}",
        )


def _judged_pairs(
    labels: LabelSet, items: npt.NDArray[np.intp], n_positions: int, rubric: Rubric
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8]]:
    """Keys and codes of the verdicts that count: those on the graded items, or none if the policy looks at none."""
    graded = np.zeros(n_positions, np.bool_)
    if rubric.accepts == "verdicts":
        graded[items] = True
    kept = graded[labels.pair_items]
    keys = labels.pair_items[kept] * np.int64(labels.n_classes) + labels.pair_classes[kept]
    return np.append(keys, _LAST_KEY), np.append(labels.pair_codes[kept], np.int8(UNREVIEWED_CODE))


def _ranked_labels(
    labels: LabelSet, split: Split, in_slice: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], int]:
    """Labels for top-1 and top-5, and the number of items where the split and the label set name different ones."""
    of_set = np.full(len(split), NO_LABEL, np.int32)
    of_set[labels.items] = labels.original
    known = (split.labels != NO_LABEL) & (of_set != NO_LABEL) & in_slice
    n_differing = int(np.count_nonzero(known & (split.labels != of_set)))
    merged = np.where(split.labels == NO_LABEL, of_set, split.labels)
    return np.where(in_slice & (merged != NO_LABEL), merged, np.int32(NO_MATCH)), n_differing
