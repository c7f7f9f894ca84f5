"""The line that models follow from one set of items to another, on probit scale."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_shares
from regrade.records.shifts import ProbitLine

MIN_POINTS = 3
"""Fewer models lie on a line whatever they are."""
MIN_RESAMPLED = 10
"""Fewer models say nothing of how far the line can be trusted."""
N_RESAMPLES = 10_000
_AT_ONCE = 500
_NO_ENDS = (None, None, None, None)
FAR = 10.0
"""Standard deviations from the line of the others, from which on a model's predictions are in doubt."""
_MEDIAN_OF_NORMAL = 0.6745
"""Median distance from the mean, in standard deviations of a normal distribution."""
_SMALLEST_UNIT = 0.01
_MAX_PAIRED = 1000
"""The slope is the median over all pairs of at most so many models."""


def fit_probit_line(before: npt.ArrayLike, after: npt.ArrayLike) -> ProbitLine | None:
    """Fit probit(after) = slope * probit(before) + intercept by least squares.

    The intervals are the middle 95 % of the fits through as many models drawn with replacement (10,000 draws, fixed
    seed). They say how far the line depends on the choice of models, not on that of the items; near-copies among the
    models make them too narrow.

    Args:
        before: (m,) accuracies, 0..1. A model with an accuracy of 0 or 1 on either side has no probit and is left out.
        after: (m,) accuracies of the same models elsewhere.

    Returns:
        The line. None where fewer than three models are left, or all have one accuracy before. Its intervals are None
        below ten models, `r_squared` is 1 where all have one accuracy after.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        The scale and the fit are those of Recht et al. 2019, Do ImageNet classifiers generalize to ImageNet?

    >>> line = fit_probit_line(np.array([0.5, 0.6, 0.7]), np.array([0.5, 0.6, 0.7]))
    >>> round(line.slope, 9), round(abs(line.intercept), 9), round(line.r_squared, 9), line.slope_ci_low
    (1.0, 0.0, 1.0, None)
    >>> fit_probit_line(np.array([0.5, 0.6]), np.array([0.4, 0.5])) is None
    True
    """
    from scipy.special import ndtri  # noqa: PLC0415 - quick start: grading one model needs no scipy

    first = read_shares(before, "before", ("m",))
    other = read_shares(after, "after", first.shape)
    inside = (first > 0) & (first < 1) & (other > 0) & (other < 1)
    x, y = ndtri(first[inside]), ndtri(other[inside])
    if len(x) < MIN_POINTS or np.ptp(x) == 0:
        return None
    slope, intercept = (float(value[0]) for value in _least_squares(x[None], y[None]))
    scatter = float(((y - y.mean()) ** 2).sum())
    rest = float(((y - slope * x - intercept) ** 2).sum())
    ends = _resample(x, y) if len(x) >= MIN_RESAMPLED else _NO_ENDS
    r_squared = 1 - rest / scatter if scatter else 1.0
    return ProbitLine(slope, intercept, ends[0], ends[1], ends[2], ends[3], r_squared, len(x))


def follow_line(line: ProbitLine, before: float) -> float:
    """The accuracy that a line gives for a model.

    Args:
        line: The line.
        before: The model's accuracy on the first split, 0..1. A rising line keeps 0 and 1 as they are.

    >>> follow_line(ProbitLine(2.0, 0.0, None, None, None, None, 1.0, 3), 0.5)
    0.5
    """
    from scipy.special import ndtr, ndtri  # noqa: PLC0415 - takes long to import

    return float(ndtr(line.slope * ndtri(before) + line.intercept))


def find_strays(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Find models that lie so far from the line of the others that their predictions are in doubt.

    Distances are measured from the line of Theil and Sen, which up to a quarter of strays cannot pull to themselves, in
    units of the median distance (as a standard deviation; at least 0.01 of a probit). Ten units make a stray;
    predictions in another order than the items are the usual reason.

    Args:
        before: (m,) accuracies, 0..1.
        after: (m,) accuracies of the same models elsewhere.

    Returns:
        Positions in ascending order; none where there are fewer than ten models, and never one with an accuracy of 0 or
        1.

    Source:
        Sen 1968, Estimates of the regression coefficient based on Kendall's tau.
    """
    from scipy.special import ndtri  # noqa: PLC0415 - quick start: grading one model needs no scipy

    inside = np.flatnonzero((before > 0) & (before < 1) & (after > 0) & (after < 1))
    x, y = ndtri(before[inside]), ndtri(after[inside])
    if len(x) < MIN_RESAMPLED or np.ptp(x) == 0:
        return np.array([], np.intp)
    some = np.argsort(x, kind="stable")[:: -(-len(x) // _MAX_PAIRED)]
    distances = y - _median_slope(x[some], y[some]) * x
    distances = np.abs(distances - np.median(distances))
    unit = max(float(np.median(distances)) / _MEDIAN_OF_NORMAL, _SMALLEST_UNIT)
    strays: npt.NDArray[np.intp] = inside[distances > FAR * unit]
    return strays


def _median_slope(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Median slope over all pairs of points that differ in x; at least one pair does."""
    one, other = np.triu_indices(len(x), 1)
    apart = x[other] - x[one]
    return float(np.median((y[other] - y[one])[apart != 0] / apart[apart != 0]))


def _least_squares(
    x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Slope and intercept of each row of points; NaN where all x are one."""
    mean_x, mean_y = x.mean(axis=1), y.mean(axis=1)
    apart = x - mean_x[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = (apart * (y - mean_y[:, None])).sum(axis=1) / (apart**2).sum(axis=1)
    return slope, mean_y - slope * mean_x


def _resample(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Ends of the middle 95 % of slope and intercept over models drawn anew."""
    rng = np.random.default_rng(0)
    fits: list[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]] = []
    for _ in range(N_RESAMPLES // _AT_ONCE):
        drawn = rng.integers(len(x), size=(_AT_ONCE, len(x)))
        fits.append(_least_squares(x[drawn], y[drawn]))
    slopes, intercepts = (np.concatenate(values) for values in zip(*fits, strict=True))
    ends = [float(end) for values in (slopes, intercepts) for end in np.nanpercentile(values, [2.5, 97.5])]
    return ends[0], ends[1], ends[2], ends[3]
