"""When predictions agree with labels no more than by chance; probabilities by exact sums of binomial terms."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from regrade.labelsets import find_chance_agreement
from regrade.labelsets.chance import MIN_ITEMS, RARE, ChanceAgreement
from regrade.records.items import NO_LABEL
from regrade.records.predictions import NO_CLASS


def upper_tail(count: int, n: int, share: Fraction) -> float:
    return float(sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1)))


def balanced(n_classes: int, n_each: int) -> np.ndarray:
    return np.tile(np.arange(n_classes), n_each)


@pytest.mark.parametrize(("n_classes", "n_each"), [(2, 50), (10, 10), (1000, 1), (1000, 10)])
def test_shuffled_rows_are_found_with_few_and_many_classes(n_classes: int, n_each: int) -> None:
    labels = balanced(n_classes, n_each)
    rng = np.random.default_rng(7)
    found = find_chance_agreement(labels, rng.permutation(labels), n_classes)
    assert found is not None
    # each class is n_each of n labels and of n predictions: n * C * (1/C)^2 = n_each
    assert found.n_items == n_classes * n_each
    assert found.expected == pytest.approx(n_each)


@pytest.mark.parametrize(("n_classes", "n_each"), [(2, 50), (10, 10), (1000, 1)])
def test_a_model_that_is_right_on_most_items_is_not(n_classes: int, n_each: int) -> None:
    labels = balanced(n_classes, n_each)
    predicted = labels.copy()
    predicted[::4] = (predicted[::4] + 1) % n_classes
    assert find_chance_agreement(labels, predicted, n_classes) is None


def test_the_limit_is_where_chance_gives_it_once_in_a_thousand_times() -> None:
    # Of 100 items of 2 classes each 50 times, p is 1/2 where 50 predictions are of each class.
    tails = {agree: upper_tail(agree, 100, Fraction(1, 2)) for agree in (64, 66)}
    assert tails[66] < RARE < tails[64]
    labels = balanced(2, 50)
    for agree, is_chance in ((64, True), (66, False)):
        predicted = labels.copy()
        predicted[: 100 - agree] = 1 - predicted[: 100 - agree]  # an even number: half of each class
        found = find_chance_agreement(labels, predicted, 2)
        assert found == (ChanceAgreement(100, agree, 50.0) if is_chance else None)


def test_few_items_say_nothing() -> None:
    labels = np.arange(MIN_ITEMS)
    wrong = np.roll(labels, 1)
    assert find_chance_agreement(labels[1:], wrong[1:], MIN_ITEMS) is None
    assert find_chance_agreement(labels, wrong, MIN_ITEMS) == ChanceAgreement(MIN_ITEMS, 0, 30 * (30 / 30**2))


def test_items_without_label_or_prediction_do_not_count() -> None:
    labels, wrong = np.arange(MIN_ITEMS + 2), np.roll(np.arange(MIN_ITEMS + 2), 1)
    labels[0], wrong[1] = NO_LABEL, NO_CLASS
    assert find_chance_agreement(labels, wrong, MIN_ITEMS + 2).n_items == MIN_ITEMS  # type: ignore[union-attr]
    labels[2] = NO_LABEL
    assert find_chance_agreement(labels, wrong, MIN_ITEMS + 2) is None
    assert find_chance_agreement(labels[:0], wrong[:0], 5) is None


def test_where_every_order_agrees_as_often_nothing_can_be_told() -> None:
    labels = balanced(2, 50)
    assert find_chance_agreement(labels, np.zeros(100, np.int64), 2) is None
    assert find_chance_agreement(np.zeros(100, np.int64), labels, 2) is None


def test_where_nearly_all_labels_are_one_class_nothing_can_be_told() -> None:
    # 1 of 100 is of class 1 among labels and predictions, on other items: p = 0.9802, the best order agrees on 100;
    # half-way is 99.01, so 100: chance gives that in 0.9802^100 = 13.5 % of all times
    labels, predicted = np.zeros(100, np.int64), np.zeros(100, np.int64)
    labels[0] = predicted[1] = 1
    assert upper_tail(100, 100, Fraction(9802, 10000)) > RARE
    assert find_chance_agreement(labels, predicted, 2) is None
