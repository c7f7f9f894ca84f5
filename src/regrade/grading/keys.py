"""The answer key: what grading any number of models against one version needs, prepared once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.arrays import read_integers
from regrade.grading.judged import NO_MATCH, ClassIds, JudgedPairs, class_dtype, place_pairs
from regrade.grading.policies import Covered, Rubric, get_policy
from regrade.grading.policies.registry import least_accepted_code
from regrade.records.grades import Policy, UnclearRule
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet


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
    ranked_labels: ClassIds
    """(n,) what top-1 and top-5 are counted against: the original class id, or NO_MATCH: the item does not count."""
    n_ranked: int
    """Items that have such a label."""
    rubric: Rubric
    items: npt.NDArray[np.intp]
    """(g,) positions of the graded items, ascending."""
    expected: ClassIds
    """(g,) the original class where it is accepted, else NO_MATCH: most predictions need no other look."""
    original: npt.NDArray[np.intp]
    """(g,) original class id, C where there is none."""
    class_sizes: npt.NDArray[np.int64]
    """(C + 1,) graded items of each original class, and last those that have none."""
    problematic: npt.NDArray[np.intp]
    """(x,) positions of the covered items (of the slice) that are problematic, graded or not."""
    others: JudgedPairs
    """The accepted pairs of another class than `expected`; none where the policy looks at no verdict."""
    rejected: JudgedPairs
    """The judged pairs that are not accepted; none where the policy looks at no verdict."""
    notes: tuple[str, ...]
    """What every grade by this key has to say."""
    laid_out: dict[tuple[int, int], ClassIds] = field(default_factory=dict)
    """`ranked_labels` as `lay_out_labels` repeats them, by (r, k): made once for all models."""

    def accepted_pairs(self) -> tuple[npt.NDArray[np.intp], ClassIds]:
        """Where the item of each accepted pair stands among the graded items, and the class of each; each pair once."""
        own = np.flatnonzero(self.expected != NO_MATCH)
        return np.append(own, self.others.at), np.append(self.expected[own], self.others.classes)


def prepare_key(
    labels: LabelSet,
    split: Split,
    *,
    ref: str,
    policy: Policy = "multilabel",
    unclear: UnclearRule = "accept",
    only: npt.ArrayLike | None = None,
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
    _check(labels, split, only is not None, slice_name)
    in_slice = _mask(len(split), only)
    covered_items, covered = _cover(labels, split, in_slice, unclear)
    least_code = least_accepted_code(unclear)
    rubric = get_policy(policy)(covered)
    items, original = covered_items[rubric.graded], covered.original[rubric.graded].astype(np.intp)
    original[original == NO_LABEL] = labels.n_classes
    pairs = place_pairs(labels, items if rubric.accepts == "verdicts" else items[:0], len(split))
    accepted, is_own = pairs.codes >= least_code, pairs.classes == original[pairs.at]
    ranked_labels, notes = _ranked_labels(labels, split, in_slice, ref)
    return AnswerKey(
        labels=ref,
        policy=policy,
        slice=slice_name,
        split=split.name,
        n_classes=labels.n_classes,
        ranked_labels=ranked_labels,
        n_ranked=int(np.count_nonzero(ranked_labels != NO_MATCH)),
        rubric=rubric,
        items=items,
        expected=_expect(original, pairs.where(accepted & is_own), labels.n_classes, rubric),
        original=original,
        class_sizes=np.bincount(original, minlength=labels.n_classes + 1),
        problematic=covered_items[covered.problematic],
        others=pairs.where(accepted & ~is_own),
        rejected=pairs.where(~accepted),
        notes=(*rubric.notes, *notes),
    )


def _expect(original: npt.NDArray[np.intp], own: JudgedPairs, n_classes: int, rubric: Rubric) -> ClassIds:
    """(g,) the original class where the rubric accepts it; `own` are the accepted pairs of original classes."""
    if rubric.accepts == "original":
        return original.astype(class_dtype(n_classes))
    expected = np.full(len(original), NO_MATCH, class_dtype(n_classes))
    expected[own.at] = own.classes
    return expected


def _check(labels: LabelSet, split: Split, has_slice: bool, slice_name: str | None) -> None:
    if labels.split != split.name:
        raise InputError(f"labels of the split {split.name}", got=f"labels of the split {labels.split}")
    if has_slice != (slice_name is not None):
        raise InputError("the items and the name of a slice", got="one without the other", where="slice")


def _mask(n: int, positions: npt.ArrayLike | None) -> npt.NDArray[np.bool_]:
    """(n,) true at the positions; everywhere if there are none given."""
    mask = np.full(n, positions is None)
    if positions is not None:
        mask[read_integers(positions, "only", ("s",), lowest=0, n=n)] = True
    return mask


def _cover(
    labels: LabelSet, split: Split, in_slice: npt.NDArray[np.bool_], unclear: UnclearRule
) -> tuple[npt.NDArray[np.intp], Covered]:
    """Positions of the covered items of the slice, and what a policy may know of them."""
    chosen = in_slice[labels.items]
    items = labels.items[chosen].astype(np.intp)
    original = np.where(labels.original == NO_LABEL, split.labels[labels.items], labels.original)[chosen]
    accepted_items = labels.pair_items[labels.pair_codes >= least_accepted_code(unclear)]
    n_accepted = np.bincount(accepted_items, minlength=len(split))[items]
    is_multilabel = bool((labels.pair_items[1:] == labels.pair_items[:-1]).any())
    return items, Covered(original, labels.problematic[chosen], n_accepted, unclear, is_multilabel)


def _ranked_labels(
    labels: LabelSet, split: Split, in_slice: npt.NDArray[np.bool_], ref: str
) -> tuple[ClassIds, tuple[str, ...]]:
    """Labels for top-1 and top-5, and a note where the split and the label set name different ones."""
    of_set = np.full(len(split), NO_LABEL, np.int32)
    of_set[labels.items] = labels.original
    merged = np.where(split.labels == NO_LABEL, of_set, split.labels)
    differs = (merged != of_set) & (of_set != NO_LABEL) & in_slice
    notes: tuple[str, ...] = ()
    if differs.any():
        n_differing = np.count_nonzero(differs)
        notes = (f"Items with another original label in {ref}: {n_differing}; top-1 and top-5 use the split's.",)
    ranked = np.where(in_slice & (merged != NO_LABEL), merged, NO_MATCH)
    return ranked.astype(class_dtype(labels.n_classes)), notes
