"""Cohen's kappa: two reviewers on the units that both rated."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def cohen_kappa(tables: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """Give Cohen's kappa of each table: how far two reviewers agree beyond what their own habits give by chance.

    Args:
        tables: (..., K, K) units by the code that the one and the code that the other gave (`pair_tables`).

    Returns:
        (...) 1 where both always agree, 0 where as often as by chance, below 0 where less often. NaN where there is no
        unit, and where both gave one and the same code throughout.

    Source:
        Cohen 1960, A coefficient of agreement for nominal scales.

    >>> cohen_kappa(np.array([[[20, 5], [10, 15]], [[3, 0], [0, 0]]])).tolist()
    [0.4, nan]
    """
    n = tables.sum(axis=(-2, -1)).astype(np.float64)
    n_same = np.trace(tables, axis1=-2, axis2=-1)
    n_squared_by_chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    room = n * n - n_squared_by_chance
    kappa = np.full(n.shape, np.nan)
    np.divide(n * n_same - n_squared_by_chance, room, out=kappa, where=room > 0)
    return kappa
