"""Error consistency: whether two models are wrong on the same items more often than by chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.grading.arrays import read_counts


def error_consistency(
    n_both: npt.ArrayLike, n_only_a: npt.ArrayLike, n_only_b: npt.ArrayLike, n_neither: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Give Cohen's kappa of being wrong.

    Args:
        n_both: (...) items that both get wrong, >= 0.
        n_only_a: (...) items that only the one gets wrong.
        n_only_b: (...) items that only the other gets wrong.
        n_neither: (...) items that both get right.

    Returns:
        (...) -1..1: 1 where both are wrong on the same items, 0 where as often together as two independent models with
        these accuracies, below 0 less often. NaN where there is no item, and where both get every item right or both
        every item wrong: then chance explains everything.

    Raises:
        InputError: An array is not of the type, shape or range that it must have.

    Source:
        Geirhos, Meding and Wichmann 2020, Beyond accuracy: quantifying trial-by-trial behaviour of CNNs and humans by
        measuring error consistency; Cohen 1960. Here in the form 2 (ad - bc) / ((a + b)(b + d) + (a + c)(c + d)).

    >>> error_consistency([20, 0, 5], [5, 0, 0], [10, 2, 0], [15, 3, 0]).tolist()
    [0.4, 0.0, nan]
    """
    counts = read_counts(n_both=n_both, n_only_a=n_only_a, n_only_b=n_only_b, n_neither=n_neither)
    both, only_a, only_b, neither = (count.astype(np.float64) for count in counts)
    chance = (both + only_a) * (only_a + neither) + (both + only_b) * (only_b + neither)
    kappa = np.full(chance.shape, np.nan)
    np.divide(2 * (both * neither - only_a * only_b), chance, out=kappa, where=chance > 0)
    return kappa
