"""Whether predictions agree with labels any more than by chance: if not, their rows may be in another order."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.items import NO_LABEL
from regrade.records.predictions import NO_CLASS

MIN_ITEMS = 30
"""Fewer items than this say nothing."""
RARE = 0.001
"""What chance alone gives less often than this is not by chance."""


@dataclass(frozen=True, slots=True)
class ChanceAgreement:
    """Predictions that agree with the labels no more than chance would."""

    n_items: int
    """Items that have both a label and a prediction."""
    n_agree: int
    """Of these, items on which they are the same class."""
    expected: float
    """How many that would be if the predictions stood in any order."""


def find_chance_agreement(
    labels: npt.NDArray[np.integer], predicted: npt.NDArray[np.integer], n_classes: int
) -> ChanceAgreement | None:
    """Find out whether predictions agree with labels no more than the same predictions in any other order would.

    In any order, an item's prediction is its label with the probability p, the sum over classes of (share of the
    labels) * (share of the predictions): 1/C where all classes are as frequent, more where one is. The number of items
    that agree is held against a binomial with p: chance gives as many or more more often than once in 1,000 times.

    Args:
        labels: (n,) class ids, NO_LABEL where there is none.
        predicted: (n,) class ids, NO_CLASS where there is none.
        n_classes: Number of classes C.

    Returns:
        The agreement; None where it is clearly above chance, or could not be told from it: fewer than 30 items have
        both, or even predictions half-way from chance to the best order of these rows would not be clearly above it
        (as where all predictions are one class, or nearly all labels are).
    """
    both = (labels != NO_LABEL) & (predicted != NO_CLASS)
    n_items = int(np.count_nonzero(both))
    if n_items < MIN_ITEMS:
        return None
    of_labels = np.bincount(labels[both], minlength=n_classes)
    of_predictions = np.bincount(predicted[both], minlength=n_classes)
    share = float(of_labels @ of_predictions) / n_items**2
    expected = n_items * share
    best = int(np.minimum(of_labels, of_predictions).sum())
    n_agree = int(np.count_nonzero(labels[both] == predicted[both]))
    could_tell = _upper_tail(math.ceil((expected + best) / 2), n_items, share) < RARE
    if not could_tell or _upper_tail(n_agree, n_items, share) < RARE:
        return None
    return ChanceAgreement(n_items, n_agree, expected)


def _upper_tail(count: int, n: int, share: float) -> float:
    """The probability of `count` or more successes in n trials."""
    from scipy.special import bdtrc  # noqa: PLC0415 - quick start: most commands need no scipy

    return 1.0 if count < 1 else float(bdtrc(count - 1, n, share))
