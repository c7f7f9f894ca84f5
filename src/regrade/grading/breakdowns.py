"""One model's grade taken apart: by original class, and by groups of classes."""

from __future__ import annotations

from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from regrade.errors import InputError
from regrade.grading.grades import tally_predictions
from regrade.grading.keys import AnswerKey
from regrade.grading.marking import mark
from regrade.grading.means import Mean, class_mean, item_mean
from regrade.grading.metrics.groups import NO_GROUP, group_counts
from regrade.records.choices import check_choice
from regrade.records.classes import ClassList
from regrade.records.grades import UNREVIEWED_CODE, ClassGrade, GroupBy, GroupGrade
from regrade.records.predictions import Predictions


def grade_by_class(predictions: Predictions, key: AnswerKey, classes: ClassList) -> tuple[ClassGrade, ...]:
    """Grade one model on the items of each original class.

    Args:
        predictions: One model's predictions for the key's split.
        key: The labels and the policy.
        classes: The benchmark's classes.

    Returns:
        One grade a class, in their order. A class without a graded item has accuracy None, with the reason in `notes`.
        Items without an original label count for no class.

    Raises:
        InputError: The predictions are of another split, or over other classes.
    """
    counts = tally_predictions(predictions, key)
    columns = (counts.n_graded[0, :-1], counts.n_right[0, :-1], counts.n_unreviewed[0, :-1])
    grades = []
    for class_id, (n, n_right, n_unreviewed) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        share = item_mean(n_right, n)
        grades.append(
            ClassGrade(
                model=predictions.model,
                labels=key.labels,
                policy=key.policy,
                slice=key.slice,
                class_id=class_id,
                key=classes.keys[class_id],
                name=classes.names[class_id],
                group=classes.groups[class_id],
                n_graded=n,
                n_mistakes=n - n_right,
                n_unreviewed=n_unreviewed,
                accuracy=share.value,
                ci_low=share.low,
                ci_high=share.high,
                accuracy_min=share.value,
                accuracy_max=item_mean(n_right + n_unreviewed, n).value,
                notes=() if n else ("accuracy is undefined: no item of the class is graded.",),
            )
        )
    return tuple(grades)


def grade_by_group(
    predictions: Predictions, key: AnswerKey, classes: ClassList, *, group_by: GroupBy = "original"
) -> tuple[GroupGrade, ...]:
    """Grade one model on the items of each group of classes.

    Args:
        predictions: One model's predictions for the key's split.
        key: The labels and the policy.
        classes: The benchmark's classes with their groups; a class may be in none.
        group_by: `original`: an item counts for the group of its original label. `accepted`: for every group that one
            of its accepted classes is in, so it may count for several groups.

    Returns:
        One grade a group, in the order in which the classes name them. An item that counts for no group is counted in a
        note; a group without a graded item has accuracies None, with the reason in `notes`.

    Raises:
        InputError: No class has a group; `group_by` is neither; or the predictions are of another split, or over other
            classes.
    """
    check_choice(group_by, get_args(GroupBy), "group_by")
    names = tuple(dict.fromkeys(filter(None, classes.groups)))
    if not names:
        raise InputError(
            "classes with groups",
            got="none that has one",
            remedy="Name them in a column `group` of the classes file when the workspace is made.",
        )
    marked = _mark_items(predictions, key)
    index = {name: number for number, name in enumerate(names)}
    group_of_class = np.array([index.get(name, NO_GROUP) for name in classes.groups])
    at, class_ids = _placing_pairs(marked.graded, key, group_by)
    right = group_counts(marked.right, key.original, group_of_class, items=at, classes=class_ids)
    best = group_counts(marked.right | marked.unreviewed, key.original, group_of_class, items=at, classes=class_ids)
    placed = np.zeros(len(key.items), np.bool_)
    placed[at[group_of_class[class_ids] != NO_GROUP]] = True
    n_unplaced = int(np.count_nonzero(marked.graded & ~placed))
    notes = marked.notes + ((f"Graded items in no group: {n_unplaced}.",) if n_unplaced else ())
    sizes = [classes.groups.count(name) for name in names]
    rows = map(_GroupRow, names, sizes, right.n_graded, right.n_right, best.n_right)
    return tuple(_group_grade(row, predictions.model, key, group_by, notes) for row in rows)


class _Marked(NamedTuple):
    """What is known of each graded item of the key."""

    graded: npt.NDArray[np.bool_]
    right: npt.NDArray[np.bool_]
    unreviewed: npt.NDArray[np.bool_]
    notes: tuple[str, ...]


def _mark_items(predictions: Predictions, key: AnswerKey) -> _Marked:
    marks = mark(predictions, key)
    graded = np.ones(len(key.items), np.bool_)
    graded[marks.left_out] = False
    right = graded.copy()
    right[marks.wrong] = False
    unreviewed = np.zeros(len(key.items), np.bool_)
    unreviewed[marks.wrong[marks.codes == UNREVIEWED_CODE]] = True
    return _Marked(graded, right, unreviewed, marks.notes)


def _placing_pairs(
    graded: npt.NDArray[np.bool_], key: AnswerKey, group_by: GroupBy
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.integer]]:
    """The (graded item, class) pairs that place items in groups."""
    if group_by == "original":
        at = np.flatnonzero(graded & (key.original < key.n_classes))
        return at, key.original[at]
    at, class_ids = key.accepted_pairs()
    kept = graded[at]
    return at[kept], class_ids[kept]


class _GroupRow(NamedTuple):
    """Counts of one group, items by original class."""

    name: str
    n_classes: int
    n_graded: npt.NDArray[np.integer]
    n_right: npt.NDArray[np.integer]
    n_best: npt.NDArray[np.integer]


def _group_grade(row: _GroupRow, model: str, key: AnswerKey, group_by: GroupBy, notes: tuple[str, ...]) -> GroupGrade:
    n_graded, n_right, n_best = (int(counts.sum()) for counts in (row.n_graded, row.n_right, row.n_best))
    by_class = key.rubric.headline == "class mean"
    of_items, best_items = item_mean(n_right, n_graded), item_mean(n_best, n_graded)
    of_classes = class_mean(row.n_right, row.n_graded) if by_class else Mean()
    best_classes = class_mean(row.n_best, row.n_graded) if by_class else Mean()
    if not n_graded:
        notes += ("The accuracies are undefined: no item of the group is graded.",)
    elif by_class and of_classes.value is None:
        notes += ("multilabel_accuracy is undefined: no graded item of the group has an original label.",)
    elif not by_class:
        notes += (f"multilabel_accuracy is undefined under the policy {key.policy}.",)
    return GroupGrade(
        model=model,
        labels=key.labels,
        policy=key.policy,
        slice=key.slice,
        group=row.name,
        group_by=group_by,
        n_classes=row.n_classes,
        n_graded=n_graded,
        n_mistakes=n_graded - n_right,
        n_unreviewed=n_best - n_right,
        multilabel_accuracy=of_classes.value,
        multilabel_ci_low=of_classes.low,
        multilabel_ci_high=of_classes.high,
        item_accuracy=of_items.value,
        item_ci_low=of_items.low,
        item_ci_high=of_items.high,
        multilabel_accuracy_min=of_classes.value,
        multilabel_accuracy_max=best_classes.value,
        item_accuracy_min=of_items.value,
        item_accuracy_max=best_items.value,
        notes=notes,
    )
