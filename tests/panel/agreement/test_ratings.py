"""Ratings and their counts."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.panel.agreement import count_ratings
from tests.panel.agreement.panels import MISSING, make_ratings, ratings_of, table_of


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_of_the_columns(seed: int) -> None:
    ratings = make_ratings(seed)
    expected = [[int((column == code).sum()) for code in range(3)] for column in table_of(ratings).T]
    assert count_ratings(ratings).tolist() == expected


def test_chosen_rows_keep_their_numbers() -> None:
    ratings = ratings_of([[0, 1], [1, MISSING]], n_codes=2)
    chosen = ratings.rows(ratings.reviewers == 1)
    assert (chosen.reviewers.tolist(), chosen.units.tolist(), chosen.codes.tolist()) == ([1], [0], [1])
    assert (chosen.n_reviewers, chosen.n_units, len(chosen)) == (2, 2, 1)


def test_no_rating() -> None:
    nothing = ratings_of([[MISSING, MISSING]], n_codes=3)
    assert len(nothing) == 0
    assert count_ratings(nothing).tolist() == np.zeros((2, 3), int).tolist()
