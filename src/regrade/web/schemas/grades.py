"""Models and their grades."""

from __future__ import annotations

from datetime import datetime

from regrade.records.grades import Policy
from regrade.records.predictions import PredictionKind, ScoreKind
from regrade.web.schemas.base import Figure, Out


class GradeOut(Out):
    """One model under one label set version and one policy, with the keys of `regrade grade --json`.

    Accuracies are 0..1 and unrounded; null is undefined, with a reason in `notes`.
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
    top1_accuracy: Figure
    """Against the original label, over `n_items`."""
    top5_accuracy: Figure
    """Original label among the first five ranks, over `n_items`."""
    multilabel_accuracy: Figure
    """Mean over original classes of the share accepted (MLA); null under `real` and `single`."""
    item_accuracy: Figure
    """Share accepted over `n_graded`."""
    multilabel_ci_low: Figure
    multilabel_ci_high: Figure
    item_ci_low: Figure
    item_ci_high: Figure
    ci_low: Figure
    """95 % interval of the policy's headline: class mean under `multilabel`, else item mean."""
    ci_high: Figure
    n_mistakes: int
    n_judged_wrong: int
    n_unclear_rejected: int
    n_unreviewed: int
    """Mistakes on a class that nobody ever judged on that item."""
    n_missing: int
    """Items that the policy would grade but that have no prediction."""
    n_ties: int
    unreviewed_share: Figure
    """`n_unreviewed` of `n_mistakes`; null where there is no mistake."""
    multilabel_accuracy_min: Figure
    """`multilabel_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    multilabel_accuracy_max: Figure
    """`multilabel_accuracy` if all unreviewed mistakes are right after all."""
    item_accuracy_min: Figure
    """`item_accuracy` if all unreviewed mistakes are wrong: the figure itself."""
    item_accuracy_max: Figure
    """`item_accuracy` if all unreviewed mistakes are right after all."""
    notes: list[str]


class ModelOut(Out):
    """One model's stored predictions for a split."""

    model: str
    split: str
    kind: PredictionKind
    n_classes: int
    digest: str
    """SHA-256 of the array of classes, hex."""
    score_kind: ScoreKind
    source: str
    """Name of the file that they came from."""
    n_missing: int
    """Items of the split without a prediction."""
    n_ties: int
    only_mistakes: bool
    """The source names only the items that are wrong against a multi-label set."""
    created_at: datetime
