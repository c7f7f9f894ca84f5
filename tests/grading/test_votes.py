"""Votes by hand and against scipy's mode."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import mode

from regrade.grading.votes import ClassProbabilities, majority_vote, mean_probability_vote, spread_ranks
from regrade.records.predictions import NO_CLASS
from tests.grading.conftest import MakePredictions

ALL = np.arange(2)


@pytest.mark.parametrize("n_items", [1, 60, 250_000])
def test_majority_is_the_mode(n_items: int) -> None:
    classes = np.random.default_rng(4).integers(0, 4, (5, n_items))
    vote = majority_vote(classes)
    assert vote.classes is not None
    assert vote.classes.tolist() == mode(classes, axis=0).mode.tolist()  # scipy's is the smallest of several, too
    counts = np.stack([(classes == class_id).sum(axis=0) for class_id in range(4)])
    assert vote.n_ties == np.count_nonzero((counts == counts.max(axis=0)).sum(axis=0) > 1)


def test_majority_of_one_is_its_own() -> None:
    vote = majority_vote(np.array([[3, 1, 2]], np.int16))
    assert vote.classes is not None
    assert (vote.classes.tolist(), vote.n_ties, vote.why_undefined) == ([3, 1, 2], 0, "")


def test_majority_of_no_item_is_empty() -> None:
    vote = majority_vote(np.empty((3, 0), np.int16))
    assert vote.classes is not None
    assert len(vote.classes) == vote.n_ties == 0


def test_mean_probability_by_hand() -> None:
    a = ClassProbabilities("a", np.array([[0.6, 0.4, 0.0], [0.5, 0.25, 0.25], [1.0, 0.0, 0.0]], np.float32))
    b = ClassProbabilities("b", np.array([[0.1, 0.5, 0.4], [0.0, 0.25, 0.75], [1.0, 0.0, 0.0]], np.float32))
    # item 0: 0.7, 0.9, 0.4; item 1: 0.5, 0.5, 1.0; item 2: 2, 0, 0
    vote = mean_probability_vote([a, b], np.array([0, 1, 2]))
    assert vote.classes is not None
    assert (vote.classes.tolist(), vote.n_ties) == ([1, 2, 0], 0)
    # only item 1, against one that is as sure of class 0: 1.0, 0.5, 1.0
    c = ClassProbabilities("c", np.array([[0, 0, 0], [0.5, 0.0, 0.0], [0, 0, 0]], np.float64))
    vote = mean_probability_vote([a, b, c], np.array([1]))
    assert vote.classes is not None
    assert (vote.classes.tolist(), vote.n_ties) == ([0], 1)


def test_mean_probability_of_many_items_is_that_of_the_mean() -> None:
    first, second = np.random.default_rng(2).random((2, 600_000, 2))
    items = np.arange(600_000)[::-1]
    vote = mean_probability_vote([ClassProbabilities("a", first), ClassProbabilities("b", second)], items)
    np.testing.assert_array_equal(vote.classes, ((first + second) / 2).argmax(axis=1)[::-1])


@pytest.mark.parametrize(
    ("members", "why"),
    [
        pytest.param([], "there is no model", id="none"),
        pytest.param([ClassProbabilities("a", None, "has none")], "a has none", id="no probabilities"),
        pytest.param(
            [ClassProbabilities("a", np.array([[0.5, 0.5], [0.5, np.nan]]))],
            "a model ranks only some of the classes of an item",
            id="gap",
        ),
    ],
)
def test_mean_probability_is_undefined(members: list[ClassProbabilities], why: str) -> None:
    assert mean_probability_vote(members, ALL) == (None, 0, why)


def test_a_gap_elsewhere_does_not_matter() -> None:
    vote = mean_probability_vote([ClassProbabilities("a", np.array([[0.2, 0.8], [0.5, np.nan]]))], np.array([0]))
    assert vote.classes is not None
    assert vote.classes.tolist() == [1]


def test_ranks_are_spread_by_class(make_predictions: MakePredictions) -> None:
    ranked = make_predictions([[1, 2, 0], [0, NO_CLASS, NO_CLASS]], n_classes=3, scores=[[0.5, 0.3, 0.2], [1, 0, 0]])
    model, values, why = spread_ranks(ranked)
    assert (model, why) == ("toy", "")
    assert values is not None
    np.testing.assert_array_equal(values, np.array([[0.2, 0.5, 0.3], [1, np.nan, np.nan]], np.float32))


def test_ranks_without_all_probabilities_say_so(make_predictions: MakePredictions) -> None:
    assert spread_ranks(make_predictions([[1, 0]], n_classes=2)) == ("toy", None, "has no probabilities")
    few = make_predictions([[1, 0]], n_classes=3, scores=[[0.5, 0.3]])
    assert spread_ranks(few) == ("toy", None, "has the probabilities of 2 of 3 classes")
