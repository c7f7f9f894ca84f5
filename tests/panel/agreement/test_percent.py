"""Percent agreement: by hand, and undefined."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.panel.agreement import count_ratings, percent_agreement
from regrade.panel.agreement.percent import unit_agreements
from tests.panel.agreement.panels import make_ratings, table_of


def test_by_hand() -> None:
    # Three ratings aab: of the three pairs one is alike. Two ratings aa: all. One rating: no pair.
    counts = np.array([[2, 1], [2, 0], [0, 1]])
    assert unit_agreements(counts)[:2].tolist() == [pytest.approx(1 / 3), 1.0]
    assert percent_agreement(counts).value == pytest.approx(2 / 3)
    assert percent_agreement(counts).n == 2


@pytest.mark.parametrize("seed", range(5))
def test_equals_looking_at_each_pair(seed: int) -> None:
    ratings = make_ratings(seed)
    shares = []
    for column in table_of(ratings).T:
        said = column[column >= 0]
        alike = [one == other for at, one in enumerate(said) for other in said[at + 1 :]]
        shares += [sum(alike) / len(alike)] if alike else []
    assert percent_agreement(count_ratings(ratings)).value == pytest.approx(sum(shares) / len(shares))


def test_nobody_to_agree_with() -> None:
    figure = percent_agreement(np.array([[1, 0]]))
    assert (figure.value, figure.n, figure.why) == (None, 0, "no two reviewers have answered the same question")
