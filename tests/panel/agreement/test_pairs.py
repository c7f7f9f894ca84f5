"""Tables of pairs of reviewers: against counting one by one, and in pieces."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from regrade.panel.agreement import pair_tables, pairs
from tests.panel.agreement.panels import MISSING, make_ratings, ratings_of, table_of

_ = MISSING


def test_who_shares_no_unit_is_no_pair() -> None:
    # Reviewers 0 and 2 meet on units 0 and 1; reviewer 1 is alone on unit 2.
    found = pair_tables(ratings_of([[0, 1, _], [_, _, 1], [1, 1, _]], n_codes=2))
    assert (found.first.tolist(), found.second.tolist()) == ([0], [2])
    assert found.tables.tolist() == [[[0, 1], [0, 1]]]


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_equals_counting_one_by_one(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "_CHUNK", chunk)
    ratings = make_ratings(4, n_reviewers=6)
    table, found = table_of(ratings), pair_tables(ratings)
    expected = {}
    for first, second in combinations(range(6), 2):
        counts = np.zeros((3, 3), int)
        for one, other in zip(table[first], table[second], strict=True):
            if MISSING not in {one, other}:
                counts[one, other] += 1
        expected[first, second] = counts.tolist()
    keys = zip(found.first.tolist(), found.second.tolist(), strict=True)
    assert dict(zip(keys, found.tables.tolist(), strict=True)) == expected


def test_nobody() -> None:
    found = pair_tables(ratings_of([[]], n_codes=3))
    assert found.tables.shape == (0, 3, 3)
