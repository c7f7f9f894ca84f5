"""Looking up judged pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from regrade.grading.judged import judged_pairs
from regrade.records.grades import UNREVIEWED_CODE
from regrade.records.labels import LabelSet

MakeLabels = Callable[..., LabelSet]


def test_verdicts_of_the_items_taken(toy_labels: LabelSet) -> None:
    taken = np.array([True, True, False, False, False, False, True, False])
    pairs = np.array([(0, 1), (0, 0), (1, 3), (1, 1), (2, 1), (7, 3), (6, 4), (6, 5)])
    # In any order. Item 2 is not taken, 7 not covered; (1, 1) was never judged; (6, 5) lies beyond the last pair.
    expected = [1, 2, 0, UNREVIEWED_CODE, UNREVIEWED_CODE, UNREVIEWED_CODE, 2, UNREVIEWED_CODE]
    assert judged_pairs(toy_labels, taken).look_up(pairs[:, 0], pairs[:, 1]).tolist() == expected


def test_no_verdict_and_nothing_asked(make_labels: MakeLabels) -> None:
    none = judged_pairs(make_labels({0: {}}), np.array([True]))
    assert none.look_up(np.array([0]), np.array([0])).tolist() == [UNREVIEWED_CODE]
    assert none.look_up(np.array([], np.intp), np.array([], np.intp)).tolist() == []


def test_keys_do_not_overflow(make_labels: MakeLabels) -> None:
    # 3,000,000 items x 1,000 classes: keys up to 3e9, beyond 32 bits.
    labels = make_labels({2_999_999: {999: "correct"}}, n_classes=1000)
    pairs = judged_pairs(labels, np.ones(3_000_000, np.bool_))
    assert pairs.keys[0] == 2_999_999_999
    assert pairs.look_up(np.array([2_999_999]), np.array([999])).tolist() == [2]
