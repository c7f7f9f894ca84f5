"""Cohen's kappa: by hand, against scikit-learn, and undefined."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from regrade.panel.agreement import cohen_kappa, pair_tables
from tests.panel.agreement.panels import make_ratings, table_of


def test_by_hand() -> None:
    # 50 units, 35 alike: 0.7. The one says a 25 times, the other 30 times: chance 25/50 * 30/50 + 25/50 * 20/50 = 0.5.
    assert cohen_kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)


@pytest.mark.parametrize("seed", range(10))
def test_equals_scikit_learn_and_statsmodels_for_every_pair(seed: int) -> None:
    ratings = make_ratings(seed, n_codes=2 + seed % 3)
    table, pairs = table_of(ratings), pair_tables(ratings)
    kappas = cohen_kappa(pairs.tables)
    assert len(kappas) == 10  # all pairs of five
    for first, second, counts, kappa in zip(pairs.first, pairs.second, pairs.tables, kappas, strict=True):
        one, other = table[first], table[second]
        both = (one >= 0) & (other >= 0)
        assert kappa == pytest.approx(cohen_kappa_score(one[both], other[both]), abs=1e-12)
        assert kappa == pytest.approx(cohens_kappa(counts, return_results=False), abs=1e-12)


def test_undefined() -> None:
    tables = np.array([[[0, 0], [0, 0]], [[7, 0], [0, 0]], [[3, 4], [0, 0]]])
    # The one who always says a agrees with a varied one by chance only: 0.
    assert np.isnan(cohen_kappa(tables)).tolist() == [True, True, False]
    assert cohen_kappa(tables)[2] == 0
