"""The interval of Krippendorff's alpha: a bootstrap that draws items, bias-corrected and accelerated (BCa)."""

from __future__ import annotations

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.panel.agreement.alpha import add_groups, alpha_of_sums, unit_sums

N_RESAMPLES = 2_000
MIN_VARIED = 5
"""Items with an answer other than the commonest one, below which there is no interval."""
NEVER_DIFFER = "reviewers never differ: drawing items again cannot tell how far below 1 it may lie"
ALL_ALIKE = "every item has the same answers: drawing items again cannot tell how far off it may be"
_NORMAL = NormalDist()
_TAILS = (0.025, 0.975)


class AlphaInterval(NamedTuple):
    """A 95 % interval of alpha, or why there is none."""

    low: float | None
    high: float | None
    why: str = ""
    """Why there is none; empty where there is one."""


class _Draws(NamedTuple):
    """Items by what they add to alpha: items that add the same are drawn as one."""

    sums: npt.NDArray[np.float64]
    """(P, 1 + K) what an item adds, each different."""
    n_items: npt.NDArray[np.int64]
    """(P,) how many items add that."""


def alpha_interval(
    counts: npt.NDArray[np.integer],
    items: npt.NDArray[np.integer] | None = None,
    *,
    n_resamples: int = N_RESAMPLES,
    seed: int = 0,
) -> AlphaInterval:
    """Give the 95 % interval of Krippendorff's alpha over items like these, answered by reviewers like these.

    As many items as there are, are drawn with replacement, each with all its units, `n_resamples` times; the quantiles
    of their alphas are corrected for bias and skewness. The same counts give the same interval.

    Args:
        counts: (U, K) how often each unit was given each code (`count_ratings`); may be empty.
        items: (U,) the item of each unit, any numbers >= 0: what is drawn together. Default: each unit by itself.
        n_resamples: How many times, >= 1.
        seed: Of the random draws.

    Returns:
        The interval. None where alpha is undefined, where reviewers never differ (then no resample does), where every
        item has the same answers, and where fewer than MIN_VARIED items have an answer other than the commonest one.

    Source:
        Efron 1987, Better bootstrap confidence intervals. By simulation it covers about 93 to 97 % with 50 and 200
        items, 2 to 5 reviewers and 2 to 4 codes, with ratings missing and with several units an item, and 90 % and
        more with 20 items. It is too wide (up to 100 %) where few items have an answer other than the commonest one.

    >>> interval = alpha_interval(np.repeat([[2, 0], [1, 1], [0, 2]], [30, 6, 14], axis=0))
    >>> round(interval.low, 2), round(interval.high, 2)
    (0.47, 0.91)
    >>> alpha_interval(np.array([[2, 0], [0, 2]] * 5)).why
    'reviewers never differ: drawing items again cannot tell how far below 1 it may lie'
    """
    draws = _group_items(unit_sums(counts), np.arange(len(counts)) if items is None else items)
    total = draws.n_items @ draws.sums
    alpha = float(alpha_of_sums(total))
    if np.isnan(alpha):
        return AlphaInterval(None, None, "it is undefined")
    if total[0] == 0:
        return AlphaInterval(None, None, NEVER_DIFFER)
    if len(draws.n_items) == 1:
        return AlphaInterval(None, None, ALL_ALIKE)
    n_varied = _count_varied(draws)
    if n_varied < MIN_VARIED:
        return AlphaInterval(
            None, None, f"only {n_varied} of {draws.n_items.sum():,} items have an answer other than the commonest one"
        )
    resampled = _resample(draws, n_resamples, seed)
    low, high = np.quantile(resampled, _corrected_tails(alpha, resampled, _leave_one_out(draws), draws.n_items))
    return AlphaInterval(float(low), float(high))


def _group_items(sums: npt.NDArray[np.float64], items: npt.NDArray[np.integer]) -> _Draws:
    """Add up units by item and count items that add the same; items without two ratings of any unit are left out."""
    by_item = add_groups(sums, items, n_groups=int(items.max(initial=-1)) + 1)
    different, n_items = np.unique(by_item[by_item[:, 1:].any(axis=1)], axis=0, return_counts=True)
    return _Draws(different, n_items)


def _count_varied(draws: _Draws) -> int:
    """Items with an answer other than the commonest one."""
    values = draws.sums[:, 1:]
    commonest = int((draws.n_items @ values).argmax())
    varied = values.sum(axis=1) > values[:, commonest]
    return int(draws.n_items[varied].sum())


def _resample(draws: _Draws, n_resamples: int, seed: int) -> npt.NDArray[np.float64]:
    """Alpha of each resample that has one."""
    n_items = int(draws.n_items.sum())
    drawn = np.random.default_rng(seed).multinomial(n_items, draws.n_items / n_items, size=n_resamples)
    alphas = alpha_of_sums(drawn @ draws.sums)
    defined: npt.NDArray[np.float64] = alphas[~np.isnan(alphas)]
    return defined


def _leave_one_out(draws: _Draws) -> npt.NDArray[np.float64]:
    """(P,) alpha without one of the items that add the same."""
    return alpha_of_sums(draws.n_items @ draws.sums - draws.sums)


def _corrected_tails(
    alpha: float,
    resampled: npt.NDArray[np.float64],
    left_out: npt.NDArray[np.float64],
    n_items: npt.NDArray[np.int64],
) -> tuple[float, float]:
    """Which quantiles of the resamples are the ends of the interval."""
    # Half of the ties counts as below; never nothing and never all, so that the bias stays finite.
    n_below = np.count_nonzero(resampled < alpha) + np.count_nonzero(resampled == alpha) / 2
    bias = _NORMAL.inv_cdf(min(max(n_below, 0.5), len(resampled) - 0.5) / len(resampled))
    pulls = n_items @ left_out / n_items.sum() - left_out
    acceleration = float(n_items @ pulls**3) / (6 * float(n_items @ pulls**2) ** 1.5)

    def correct(tail: float) -> float:
        z = bias + _NORMAL.inv_cdf(tail)
        return _NORMAL.cdf(bias + z / (1 - acceleration * z))

    return correct(_TAILS[0]), correct(_TAILS[1])
