"""Models on two splits that share no item: how far each one falls, and the line that they follow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_share
from regrade.grading.intervals import Interval
from regrade.grading.lines import MIN_POINTS, MIN_RESAMPLED, find_strays, fit_probit_line, follow_line
from regrade.grading.standings import headline, rank_shares
from regrade.records.grades import Grade
from regrade.records.predictions import PredictionKind
from regrade.records.shifts import ModelShift, ProbitLine, Shift

_HUMAN = "rank is undefined, and the line is fitted without it: a human labeler answers other items than the models."


def describe_shift(
    before: Sequence[Grade], after: Sequence[Grade], kinds: Mapping[str, PredictionKind], *, splits: tuple[str, str]
) -> Shift:
    """Put the grades of the same models on two splits side by side.

    Args:
        before: Grades on the first split, one a model; at least one.
        after: Grades on the other split under the same policy, one a model; at least one.
        kinds: What every model on either split is; the line and the ranks are those of models alone.
        splits: Names of both splits.

    Returns:
        The models that are graded on both, best on the first split first; the others by name.
    """
    first, second = ({grade.model: grade for grade in grades} for grades in (before, after))
    shared = [(first[model], second[model]) for model in first if model in second]
    models = [_describe(one, other, kinds[one.model]) for one, other in shared]
    line = _fit(models)
    models = [_place_by_line(row, line) for row in _with_ranks(models)]
    changes = [row.change for row in models if row.change is not None and row.kind == "model"]
    return Shift(
        *splits,
        from_labels=before[0].labels,
        to_labels=after[0].labels,
        policy=before[0].policy,
        models=tuple(sorted(models, key=_order)),
        line=line,
        mean_change=math.fsum(changes) / len(changes) if changes else None,
        only_from=tuple(sorted(first.keys() - second.keys())),
        only_to=tuple(sorted(second.keys() - first.keys())),
        notes=_notes(models, line),
    )


def difference_interval(before: float, before_interval: Interval, after: float, after_interval: Interval) -> Interval:
    """95 % interval of `after` less `before`, two shares that were observed on different items.

    Args:
        before: A share, 0..1, within its interval.
        before_interval: Its 95 % interval.
        after: The other share.
        after_interval: Its 95 % interval.

    Returns:
        The interval, -1..1, which holds the difference.

    Raises:
        InputError: A number is outside of 0..1.

    Source:
        Newcombe 1998, Interval estimation for the difference between independent proportions, method 10.

    >>> low, high = difference_interval(56 / 70, Interval(0.6923, 0.8769), 48 / 80, Interval(0.4904, 0.7003))
    >>> round(low, 2), round(high, 2)
    (-0.33, -0.05)
    """
    before, after = read_share(before, "before"), read_share(after, "after")
    change = after - before
    down = math.hypot(after - after_interval.low, before_interval.high - before)
    up = math.hypot(after_interval.high - after, before - before_interval.low)
    return Interval(change - down, change + up)


def _describe(before: Grade, after: Grade, kind: PredictionKind) -> ModelShift:
    one, other = headline(before), headline(after)
    change, ends = _change(before, after)
    return ModelShift(
        model=before.model,
        kind=kind,
        from_accuracy=one,
        from_ci_low=before.ci_low,
        from_ci_high=before.ci_high,
        from_n_graded=before.n_graded,
        from_rank=None,
        to_accuracy=other,
        to_ci_low=after.ci_low,
        to_ci_high=after.ci_high,
        to_n_graded=after.n_graded,
        to_rank=None,
        change=change,
        change_ci_low=ends.low if ends else None,
        change_ci_high=ends.high if ends else None,
        expected_accuracy=None,
        above_line=None,
        notes=(_HUMAN,) if kind == "human" else (),
    )


def _change(before: Grade, after: Grade) -> tuple[float | None, Interval | None]:
    one, other = headline(before), headline(after)
    if one is None or other is None:
        return None, None
    ends = [before.ci_low, before.ci_high, after.ci_low, after.ci_high]
    known = [end for end in ends if end is not None]
    if len(known) < 4:
        return other - one, None
    return other - one, difference_interval(one, Interval(*known[:2]), other, Interval(*known[2:]))


def _with_ranks(models: Sequence[ModelShift]) -> list[ModelShift]:
    ranks = [
        rank_shares([accuracy if row.kind == "model" else None for row, accuracy in zip(models, of, strict=True)])
        for of in ([row.from_accuracy for row in models], [row.to_accuracy for row in models])
    ]
    return [replace(row, from_rank=one, to_rank=other) for row, one, other in zip(models, *ranks, strict=True)]


def _fit(models: Sequence[ModelShift]) -> ProbitLine | None:
    return fit_probit_line(*_columns(models))


def _columns(models: Sequence[ModelShift]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    points = np.array([(row.from_accuracy, row.to_accuracy) for row in _fitted(models)], np.float64).reshape(-1, 2)
    return points[:, 0], points[:, 1]


def _fitted(models: Sequence[ModelShift]) -> list[ModelShift]:
    """Those that the line is fitted to, as far as they have a probit."""
    return [row for row in models if row.kind == "model" and row.change is not None]


def _place_by_line(row: ModelShift, line: ProbitLine | None) -> ModelShift:
    if line is None or row.from_accuracy is None:
        return row
    expected = follow_line(line, row.from_accuracy)
    if not math.isfinite(expected):
        return row
    above = None if row.to_accuracy is None else row.to_accuracy - expected
    return replace(row, expected_accuracy=expected, above_line=above)


def _order(row: ModelShift) -> tuple[float, str]:
    return (math.inf if row.from_accuracy is None else -row.from_accuracy), row.model


def _notes(models: Sequence[ModelShift], line: ProbitLine | None) -> tuple[str, ...]:
    notes = []
    extreme = sum(row.from_accuracy in (0, 1) or row.to_accuracy in (0, 1) for row in _fitted(models))
    if extreme:
        notes.append(f"The line is fitted without {extreme} of the models: an accuracy of 0 or 1 has no probit.")
    if line is None:
        notes.append(f"The line is undefined: it needs {MIN_POINTS} models of different accuracy.")
    elif line.slope_ci_low is None:
        notes.append(f"The line has no interval: there are fewer than {MIN_RESAMPLED} models.")
    return (*notes, *_doubts(models))


def _doubts(models: Sequence[ModelShift]) -> tuple[str, ...]:
    """Names the models whose predictions are in doubt, and the line without them."""
    fitted = _fitted(models)
    strays = [fitted[at].model for at in find_strays(*_columns(models))]
    rest = _fit([row for row in fitted if row.model not in strays])
    if not strays or rest is None:
        return ()
    lies = "lies" if len(strays) == 1 else "lie"
    doubt = (
        f"{', '.join(strays)} {lies} far from the line of the others: look whether the predictions are in the order of"
        f" the items. Without, the slope is {rest.slope:.3f} and the intercept {rest.intercept:.3f} (--without)."
    )
    return (doubt,)
