"""Reviewers against decisions: by hand."""

from __future__ import annotations

import numpy as np

from regrade.panel.agreement import UNDECIDED, confusion_tables
from tests.panel.agreement.panels import MISSING, ratings_of

_ = MISSING


def test_by_hand() -> None:
    ratings = ratings_of([[0, 1, 1, 0], [1, 1, _, 0], [_, _, _, 1]], n_codes=2)
    tables = confusion_tables(ratings, np.array([0, 1, 0, UNDECIDED]))
    assert tables.tolist() == [
        [[1, 1], [0, 1]],  # right on units 0 and 1; said 1 on unit 2, which was decided 0
        [[0, 1], [0, 1]],
        [[0, 0], [0, 0]],  # answered only what is not decided
    ]


def test_nothing_decided() -> None:
    tables = confusion_tables(ratings_of([[0, 1]], n_codes=2), np.full(2, UNDECIDED))
    assert not tables.any()
