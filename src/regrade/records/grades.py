"""What grading gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Policy = Literal["multilabel", "real", "single"]
UnclearRule = Literal["accept", "reject"]


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
