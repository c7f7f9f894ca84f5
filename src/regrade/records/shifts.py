"""What becomes of models on other items: each one's accuracy on two splits, and the line that they follow."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.records.grades import Policy
from regrade.records.predictions import PredictionKind


@dataclass(frozen=True, slots=True)
class ProbitLine:
    """Least squares of probit(accuracy on the other split) on probit(accuracy on the first), a point a model."""

    slope: float
    """1: the same steps on both splits; above 1: what is gained on the first split counts for more on the other."""
    intercept: float
    """Probit of the accuracy on the other split where the one on the first is 0.5."""
    slope_ci_low: float | None
    """95 % of the lines through models drawn anew; None where there are too few models."""
    slope_ci_high: float | None
    intercept_ci_low: float | None
    intercept_ci_high: float | None
    r_squared: float
    """Share of the variance (of the probits) that the line explains, 0..1."""
    n_models: int


@dataclass(frozen=True, slots=True)
class ModelShift:
    """One model on both splits. Accuracies are 0..1; None is undefined, with a reason in `notes`."""

    model: str
    kind: PredictionKind
    from_accuracy: float | None
    """The policy's headline on the first split: class mean under `multilabel`, else item mean."""
    from_ci_low: float | None
    from_ci_high: float | None
    from_n_graded: int
    from_rank: int | None
    """1 is best, among the models of the comparison; None for a human labeler."""
    to_accuracy: float | None
    """The same on the other split."""
    to_ci_low: float | None
    to_ci_high: float | None
    to_n_graded: int
    to_rank: int | None
    change: float | None
    """`to_accuracy` less `from_accuracy`: negative where the model falls."""
    change_ci_low: float | None
    """95 % interval: the splits share no item, so their errors are independent."""
    change_ci_high: float | None
    expected_accuracy: float | None
    """What the line gives for `from_accuracy`; None where there is no line."""
    above_line: float | None
    """`to_accuracy` less `expected_accuracy`: positive where the model does better than its like."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """All models that have predictions on both splits."""

    from_split: str
    to_split: str
    from_labels: str
    """`NAME@N`."""
    to_labels: str
    policy: Policy
    models: tuple[ModelShift, ...]
    """Best on the first split first."""
    line: ProbitLine | None
    """None where fewer than three models give a point, or all of them the same one; `notes` says so."""
    mean_change: float | None
    """Mean of the changes of the models; None where there is none."""
    only_from: tuple[str, ...]
    """Models that have predictions on the first split only."""
    only_to: tuple[str, ...]
    notes: tuple[str, ...] = ()
