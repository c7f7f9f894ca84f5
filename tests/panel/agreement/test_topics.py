"""What is said of one topic: by hand, and every figure from the same ratings as the measure by itself."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.panel.agreement import (
    TopicRatings,
    alpha_interval,
    cohen_kappa,
    count_ratings,
    describe_topic,
    krippendorff_alpha,
    pair_tables,
    rate_units,
    unit_key,
)
from regrade.panel.agreement.topics import SAME_HABIT
from tests.panel.agreement.panels import make_ratings

NAMES = ("ann", "bob", "cyd", "dan", "eve")
ANSWERS = ("wrong", "unclear", "correct")


def rate(rows: list[tuple[int, int, int, int]]) -> TopicRatings:
    """Reviewer, item, class, code."""
    by, items, classes, codes = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return rate_units("predicted", ANSWERS, NAMES, by=by, items=items, classes=classes, codes=codes)


def test_units_are_numbered_by_item_and_class() -> None:
    asked = rate([(0, 9, 1, 0), (1, 3, 7, 2), (1, 9, 1, 1), (0, 3, 2, 0)])
    assert asked.classes is not None
    assert (asked.items.tolist(), asked.classes.tolist()) == ([3, 3, 9], [2, 7, 1])
    assert asked.ratings.units.tolist() == [2, 1, 2, 0]
    assert (asked.ratings.n_reviewers, asked.ratings.n_units, asked.ratings.n_codes) == (5, 3, 3)


def test_items_can_be_the_units() -> None:
    by, items, codes = np.array([0, 1, 0]), np.array([4, 4, 2]), np.array([1, 0, 0])
    asked = rate_units("problematic", ("usable", "problematic"), NAMES, by=by, items=items, classes=None, codes=codes)
    assert (asked.items.tolist(), asked.classes) == ([2, 4], None)
    found = describe_topic(asked, ["a", "b"])
    assert (found.n_compared, found.n_differing, found.classes) == (1, 1, ())


def test_keys_are_in_the_order_of_item_and_class() -> None:
    keys = unit_key([0, 0, 1, 70_000], [1, 999_999, 0, 2])
    assert (np.diff(keys) > 0).all()
    assert (keys >> 32).tolist() == [0, 0, 1, 70_000]


def test_by_hand() -> None:
    # (3, 1): wrong wrong; (3, 2): wrong correct; (4, 1): wrong by ann alone.
    found = describe_topic(
        rate([(0, 3, 1, 0), (1, 3, 1, 0), (0, 3, 2, 0), (1, 3, 2, 2), (0, 4, 1, 0)]), ["a", "bagel", "dough"]
    )
    assert (found.question, found.answers, found.n_answers) == ("predicted", ANSWERS, (4, 0, 1))
    assert (found.n_units, found.n_compared, found.n_items, found.n_differing, found.n_reviewers) == (3, 2, 1, 1, 2)
    # n = 4: 3 wrong, 1 correct; S = 2: alpha = 1 - 3 * 2 / (16 - 10).
    assert found.alpha.value == pytest.approx(0)
    assert (found.percent.value, found.percent.n) == (0.5, 2)
    # Fleiss: (1/2 - 10/16) / (1 - 10/16).
    assert found.fleiss.value == pytest.approx(-1 / 3)
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.n, pair.agreement, pair.kappa, pair.why) == ("ann", "bob", 2, 0.5, 0.0, "")
    assert [(row.class_id, row.class_name, row.n, row.n_differing, row.agreement) for row in found.classes] == [
        (1, "bagel", 1, 0, 1.0),
        (2, "dough", 1, 1, 0.0),
    ]
    assert found.classes[0].why.startswith("all answers are the same")
    assert (found.classes[1].alpha, found.classes[1].why) == (0.0, "")


def test_a_pair_of_one_habit_has_no_kappa() -> None:
    (pair,) = describe_topic(rate([(0, 3, 1, 0), (1, 3, 1, 0)]), ["a", "b"]).pairs
    assert (pair.kappa, pair.why, pair.agreement) == (None, SAME_HABIT, 1.0)


@pytest.mark.parametrize("seed", range(3))
def test_figures_are_those_of_the_measures(seed: int) -> None:
    ratings = make_ratings(seed)
    items = np.arange(60) // 2
    found = describe_topic(TopicRatings("predicted", ANSWERS, NAMES, ratings, items, np.arange(60) % 4), list("abcd"))
    counts = count_ratings(ratings)
    assert found.alpha.value == krippendorff_alpha(counts).value
    assert (found.alpha.ci_low, found.alpha.ci_high) == alpha_interval(counts, items)[:2]
    pairs = pair_tables(ratings)
    assert [row.kappa for row in found.pairs] == pytest.approx(cohen_kappa(pairs.tables).tolist())
    assert sum(row.n for row in found.classes) == found.n_compared
    assert sum(row.n_differing for row in found.classes) == found.n_differing
    for row in found.classes:
        alone = krippendorff_alpha(counts[np.arange(60) % 4 == row.class_id])
        assert row.n == alone.n
        assert row.alpha == pytest.approx(alone.value)


def test_nobody_has_answered() -> None:
    found = describe_topic(rate([]), ["a"])
    assert (found.n_units, found.n_answers, found.pairs, found.classes) == (0, (0, 0, 0), (), ())
    assert (found.alpha.value, found.percent.value, found.fleiss.value) == (None, None, None)
