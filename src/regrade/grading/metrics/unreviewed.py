"""What was never reviewed, and what it leaves open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from regrade.grading.means import class_means, item_means
from regrade.grading.tallies import RightCounts, Tally


class AccuracyBounds(NamedTuple):
    """Between what the accuracies of m models may lie, since nobody judged some of their wrong classes."""

    class_mean_min: npt.NDArray[np.float64]
    """(m,) mean over classes if all unreviewed are wrong; NaN where no graded item has an original label."""
    class_mean_max: npt.NDArray[np.float64]
    """(m,) mean over classes if all unreviewed are right."""
    item_mean_min: npt.NDArray[np.float64]
    """(m,) mean over items if all unreviewed are wrong; NaN where no item is graded."""
    item_mean_max: npt.NDArray[np.float64]
    """(m,) mean over items if all unreviewed are right."""


def unreviewed_shares(counts: Tally) -> npt.NDArray[np.float64]:
    """Give the share of models' mistakes that nobody ever judged.

    Args:
        counts: Tallies of m models.

    Returns:
        (m,) 0: somebody looked at all of them; 1: at none. NaN where there is no mistake.
    """
    n_mistakes = (counts.n_graded - counts.n_right).sum(axis=1)
    return np.where(n_mistakes > 0, counts.n_unreviewed.sum(axis=1) / np.maximum(n_mistakes, 1), np.nan)


def accuracy_bounds(counts: Tally) -> AccuracyBounds:
    """Give the accuracies of models if all their unreviewed mistakes are wrong, and if all are right.

    Where the review of all of them would put a figure, it puts it between its two bounds; these are equal where nothing
    is unreviewed.

    Args:
        counts: Tallies of m models.
    """
    best = RightCounts(counts.n_graded, counts.n_right + counts.n_unreviewed)
    return AccuracyBounds(class_means(counts.right), class_means(best), item_means(counts.right), item_means(best))
