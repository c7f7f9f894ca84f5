"""Which of a reviewer's answers count, for all answers of a panel at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def newest_rows(
    reviewers: npt.NDArray[np.integer],
    items: npt.NDArray[np.integer],
    classes: npt.NDArray[np.integer],
    problematic: npt.NDArray[np.bool_],
) -> npt.NDArray[np.intp]:
    """Choose each reviewer's newest answer on every class, those that were superseded left out.

    The same rule as `effective_reviews`, on arrays: `problematic` supersedes the reviewer's earlier answers on the
    item, and later ones supersede `problematic`.

    Args:
        reviewers: (n,) who answered; rows in the order in which they were given, of one pass, none withdrawn.
        items: (n,) the item of each.
        classes: (n,) the class of each, any number where the whole item is called problematic.
        problematic: (n,) whether it calls the item problematic.

    Returns:
        The rows that count, ascending; none where there are none.

    >>> said = (np.array([0, 0, 0]), np.array([7, 7, 7]), np.array([1, 2, 1]), np.array([False, False, False]))
    >>> newest_rows(*said).tolist()
    [1, 2]
    """
    if len(items) == 0:
        return np.array([], np.intp)
    # By reviewer and item; the sort is stable, so that each group stays in the order given.
    order = np.lexsort((items, reviewers))
    place, flagged = np.arange(len(items)), problematic[order]
    starts = _find_starts(reviewers[order], items[order])
    group = np.cumsum(starts) - 1
    last = np.append(np.flatnonzero(starts)[1:], len(items)) - 1
    last_flag = np.maximum.reduceat(np.where(flagged, place, -1), np.flatnonzero(starts))
    standing = np.where(flagged, place == last[group], place > last_flag[group])
    # A flag that stands has its group to itself, so that its class is of no account.
    group, order = group[standing], order[standing]
    by_class = np.lexsort((classes[order], group))
    ends = np.append(_find_starts(group[by_class], classes[order][by_class])[1:], True)
    return np.sort(order[by_class[ends]])


def _find_starts(one: npt.NDArray[np.integer], other: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Where a run of equal pairs begins."""
    starts = np.ones(len(one), np.bool_)
    starts[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    return starts
