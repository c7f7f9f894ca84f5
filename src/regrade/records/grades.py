"""What grading gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Policy = Literal["multilabel", "real", "single"]
UnclearRule = Literal["accept", "reject"]
GroupBy = Literal["original", "accepted"]
"""An item counts for the group of its original label, or for every group that one of its accepted classes is in."""


@dataclass(frozen=True, slots=True)
class Grade:
    """One model under one label set version and one policy.

    Accuracies are 0..1; None is undefined, with a reason in `notes`.
    """

    model: str
    labels: str
    """`NAME@N`."""
    policy: Policy
    slice: str | None
    n_items: int | None
    """Items with an original label and a prediction."""
    n_graded: int
    """Items that the policy grades and that have a prediction."""
    n_problematic: int
    """Covered items left out because they are problematic (`multilabel`)."""
    top1_accuracy: float | None
    """Against the original label, over `n_items`."""
    top5_accuracy: float | None
    """Original label among the first five ranks, over `n_items`."""
    multilabel_accuracy: float | None
    """Mean over original classes of the share accepted (MLA); None under `real` and `single`."""
    item_accuracy: float | None
    """Share accepted over `n_graded`."""
    multilabel_ci_low: float | None
    multilabel_ci_high: float | None
    item_ci_low: float | None
    item_ci_high: float | None
    ci_low: float | None
    """95 % interval of the policy's headline: class mean under `multilabel`, else item mean."""
    ci_high: float | None
    n_mistakes: int
    n_judged_wrong: int
    n_unclear_rejected: int
    n_unreviewed: int
    """Mistakes on a class that nobody ever judged on that item."""
    n_missing: int
    """Items that the policy would grade but that have no prediction."""
    n_ties: int
    unreviewed_share: float | None
    """`n_unreviewed` of `n_mistakes`; None where there is no mistake."""
    multilabel_accuracy_min: float | None
    """`multilabel_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    multilabel_accuracy_max: float | None
    """`multilabel_accuracy` if all unreviewed mistakes are right after all."""
    item_accuracy_min: float | None
    """`item_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    item_accuracy_max: float | None
    """`item_accuracy` if all unreviewed mistakes are right after all."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassGrade:
    """One model on the items of one original class.

    Accuracies are 0..1; None is undefined, with a reason in `notes`.
    """

    model: str
    labels: str
    """`NAME@N`."""
    policy: Policy
    slice: str | None
    class_id: int
    key: str
    """The class's unique key."""
    name: str
    group: str
    """The class's group; empty where it has none."""
    n_graded: int
    n_mistakes: int
    n_unreviewed: int
    """Mistakes on a class that nobody ever judged on that item."""
    accuracy: float | None
    """Share accepted over `n_graded`."""
    ci_low: float | None
    """95 % interval (Wilson)."""
    ci_high: float | None
    accuracy_min: float | None
    """`accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    accuracy_max: float | None
    """`accuracy` if all unreviewed mistakes are right after all."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupGrade:
    """One model on the items of one group of classes.

    Accuracies are 0..1; None is undefined, with a reason in `notes`.
    """

    model: str
    labels: str
    """`NAME@N`."""
    policy: Policy
    slice: str | None
    group: str
    group_by: GroupBy
    """Which class places an item in groups."""
    n_classes: int
    """Classes in the group."""
    n_graded: int
    n_mistakes: int
    n_unreviewed: int
    """Mistakes on a class that nobody ever judged on that item."""
    multilabel_accuracy: float | None
    """Mean over original classes, in the group or not, of the share accepted; None under `real` and `single`."""
    multilabel_ci_low: float | None
    multilabel_ci_high: float | None
    item_accuracy: float | None
    """Share accepted over `n_graded`."""
    item_ci_low: float | None
    item_ci_high: float | None
    multilabel_accuracy_min: float | None
    """`multilabel_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    multilabel_accuracy_max: float | None
    """`multilabel_accuracy` if all unreviewed mistakes are right after all."""
    item_accuracy_min: float | None
    """`item_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    item_accuracy_max: float | None
    """`item_accuracy` if all unreviewed mistakes are right after all."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RankGrade:
    """One model by more of its ranks than the first.

    Accuracies are 0..1; None is undefined, with a reason in `notes`.
    """

    model: str
    top_k: int | None
    """How many ranks `top_k_accuracy` looks at; None: it was not asked for, and is None therefore."""
    top_k_accuracy: float | None
    """Original label among the first k ranks, over the items that have one and a prediction."""
    n_top_k: int | None
    """Number of those items; None where it was not asked for or is not known."""
    variable_top_k: bool
    """Whether `variable_top_k_accuracy` was asked for; if not, it is None therefore."""
    variable_top_k_accuracy: float | None
    """Mean share of an item's k accepted classes among its first k ranks, over graded items with an accepted class."""
    n_variable_top_k: int | None
    """Number of those items; None where it was not asked for or is not known."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Mistakes:
    """The mistakes of one model: graded items whose top-1 class is not accepted. Aligned arrays, items ascending."""

    model: str
    items: npt.NDArray[np.int32]
    """(m,) positions in the split."""
    classes: npt.NDArray[np.int32]
    """(m,) predicted class ids."""
    codes: npt.NDArray[np.int8]
    """(m,) what is known of the pair: 0 judged wrong, 1 unclear and rejected, -1 unreviewed."""
    confidences: npt.NDArray[np.float32]
    """(m,) score of the top-1 class; NaN where there is none."""


UNREVIEWED_CODE = -1
"""In `Mistakes.codes`: nobody ever judged the pair."""
