"""Krippendorff's alpha for nominal codes: the headline, since it takes any number of ratings a unit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.records.metrics import Figure

NO_PAIR = "no two reviewers have answered the same question"
ONE_VALUE = "all answers are the same: agreement by chance would be as perfect"


class GroupAlphas(NamedTuple):
    """Alpha of each of G groups of units."""

    n_units: npt.NDArray[np.int64]
    """(G,) units with two ratings or more."""
    alpha: npt.NDArray[np.float64]
    """(G,) up to 1; NaN where a group has no such unit, or all its ratings are the same."""


def krippendorff_alpha(counts: npt.NDArray[np.integer]) -> Figure:
    """Give Krippendorff's alpha for nominal codes: 1 - observed disagreement / disagreement expected by chance.

    Args:
        counts: (U, K) how often each unit was given each code (`count_ratings`); may be empty. A unit with fewer than
            two ratings cannot be compared with anything and is left out.

    Returns:
        1 where reviewers always agree, 0 where they agree as often as by chance, below 0 where less often. `n` is the
        number of units with two ratings or more. Undefined where there is none, and where all their ratings are the
        same.

    Source:
        Krippendorff 2011, Computing Krippendorff's alpha-reliability (section C). For nominal codes it comes to
        1 - (n - 1) S / (n^2 - sum_c n_c^2), where S adds up (n_u^2 - sum_c n_uc^2) / (n_u - 1) over units, n_uc is how
        often unit u was given code c, and n, n_u, n_c are its sums.

    >>> krippendorff_alpha(np.array([[2, 0], [2, 0], [1, 1], [0, 2]])).value
    0.5333333333333333
    >>> krippendorff_alpha(np.array([[1, 0], [0, 1]])).why
    'no two reviewers have answered the same question'
    """
    sums = unit_sums(counts)
    n_units = int(np.count_nonzero(sums[:, 1:].any(axis=1)))
    if n_units == 0:
        return Figure(None, 0, NO_PAIR)
    alpha = float(alpha_of_sums(sums.sum(axis=0)))
    return Figure(None, n_units, ONE_VALUE) if np.isnan(alpha) else Figure(alpha, n_units)


def group_alphas(counts: npt.NDArray[np.integer], groups: npt.NDArray[np.integer], *, n_groups: int) -> GroupAlphas:
    """Give alpha of each group of units by itself, as if there were no others.

    Args:
        counts: (U, K) how often each unit was given each code.
        groups: (U,) group of each unit, 0..G-1.
        n_groups: G.

    >>> group_alphas(np.array([[1, 1], [2, 0], [0, 2]]), np.array([0, 1, 1]), n_groups=3).alpha.tolist()
    [0.0, 1.0, nan]
    """
    sums = unit_sums(counts)
    n_units = np.bincount(groups[sums[:, 1:].any(axis=1)], minlength=n_groups)
    return GroupAlphas(n_units, alpha_of_sums(add_groups(sums, groups, n_groups=n_groups)))


def unit_sums(counts: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """What alpha is made of, unit by unit; it adds up over units.

    Args:
        counts: (U, K) how often each unit was given each code.

    Returns:
        (U, 1 + K) a unit's part of S (see `krippendorff_alpha`), then its counts; zeros where it has fewer than two
        ratings.
    """
    n_ratings = counts.sum(axis=1)
    compared = n_ratings > 1
    sums = np.zeros((len(counts), 1 + counts.shape[1]))
    n_unequal = n_ratings**2 - (counts**2).sum(axis=1)
    np.divide(n_unequal, n_ratings - 1, out=sums[:, 0], where=compared)
    sums[compared, 1:] = counts[compared]
    return sums


def add_groups(
    sums: npt.NDArray[np.float64], groups: npt.NDArray[np.integer], *, n_groups: int
) -> npt.NDArray[np.float64]:
    """(G, 1 + K) what the units of each group add up to; `sums` as from `unit_sums`, `groups` as in `group_alphas`."""
    columns = [np.bincount(groups, column, minlength=n_groups) for column in sums.T]
    return np.column_stack(columns).astype(np.float64, copy=False)


def alpha_of_sums(sums: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Alpha of sums over units (`unit_sums`).

    Args:
        sums: (..., 1 + K) disagreement, and how often each code was given.

    Returns:
        (...) alpha; NaN where there is no rating, and where all are the same.
    """
    values = sums[..., 1:]
    n = values.sum(axis=-1)
    by_chance = n * n - (values * values).sum(axis=-1)
    alpha = np.full(n.shape, np.nan)
    np.divide((n - 1) * sums[..., 0], by_chance, out=alpha, where=by_chance > 0)
    return 1 - alpha
