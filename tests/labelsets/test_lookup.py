from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.labelsets.lookup import (
    NEVER_JUDGED,
    WHOLE_ITEM,
    check_alike,
    codes_at,
    count_accepted,
    find,
    flags_at,
    pair_keys,
    values_at,
)
from regrade.records.labels import LabelSet

LabelsOf = Callable[..., LabelSet]


def test_keys_are_in_the_order_of_items_and_then_classes() -> None:
    # 2^31 - 1 items of 1,000 classes need more than 32 bits.
    items, classes = np.array([0, 0, 1, 2**31 - 1], np.int32), np.array([0, 999, 0, 999], np.int32)
    assert pair_keys(items, classes, 1000).tolist() == [0, 999, 1000, (2**31 - 1) * 1000 + 999]


def test_find_says_where_and_whether() -> None:
    at, found = find(np.array([2, 5, 9]), np.array([9, 1, 5, 10, 6]))
    assert found.tolist() == [True, False, True, False, False]
    assert at[found].tolist() == [2, 1]
    assert find(np.array([], np.int64), np.array([3]))[1].tolist() == [False]


def test_codes_and_flags_in_any_order(labels_of: LabelsOf) -> None:
    labels = labels_of({1: {4: "correct", 7: "wrong"}, 3: {0: "unclear"}}, problematic={3})
    items, classes = np.array([3, 1, 1, 1, 2, 9]), np.array([0, 7, 4, 5, 4, 9])
    # Wrong 0, unclear 1, correct 2; (1, 5), (2, 4), (9, 9) were never judged.
    assert codes_at(labels, items, classes).tolist() == [1, 0, 2, NEVER_JUDGED, NEVER_JUDGED, NEVER_JUDGED]
    assert flags_at(labels, np.array([3, 1, 2, 9])).tolist() == [True, False, False, False]


def test_accepted_classes_are_counted_per_covered_item(labels_of: LabelsOf) -> None:
    labels = labels_of({1: {4: "correct", 7: "wrong", 8: "unclear"}, 3: {0: "wrong"}, 5: {}, 6: {2: "unclear"}})
    assert count_accepted(labels).tolist() == [2, 0, 0, 1]
    assert count_accepted(labels_of({})).tolist() == []


def test_values_are_codes_of_pairs_and_flags_of_items(labels_of: LabelsOf) -> None:
    labels = labels_of({1: {4: "correct", 7: "wrong"}, 3: {0: "unclear"}}, problematic={3})
    items = np.array([3, 1, 1, 3, 1, 9])
    classes = np.array([WHOLE_ITEM, 7, WHOLE_ITEM, 0, 5, WHOLE_ITEM])
    # Item 3 is problematic (1), items 1 and 9 are not (0); (1, 7) wrong 0, (3, 0) unclear 1, (1, 5) never judged.
    assert values_at(labels, items, classes).tolist() == [1, 0, 0, 1, NEVER_JUDGED, 0]


def test_label_sets_of_different_splits_or_classes_are_not_alike(labels_of: LabelsOf) -> None:
    labels = labels_of({0: {}})
    check_alike(labels, labels_of({3: {1: "wrong"}}))
    with pytest.raises(InputError, match="split main with 10 classes; got one of split train with 10"):
        check_alike(labels, dataclasses.replace(labels, split="train"))
    with pytest.raises(InputError, match="split main with 10 classes; got one of split main with 9"):
        check_alike(labels, dataclasses.replace(labels, n_classes=9))
