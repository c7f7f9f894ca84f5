"""Judged pairs, placed among the graded items."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from regrade.grading.judged import class_dtype, place_pairs
from regrade.records.labels import LabelSet

MakeLabels = Callable[..., LabelSet]


def test_only_pairs_of_graded_items_are_taken(toy_labels: LabelSet) -> None:
    # Graded 0, 1, 6: pairs (0, 0) (0, 1) (1, 0) (1, 3) (6, 4) stand at places 0 0 1 1 2.
    pairs = place_pairs(toy_labels, np.array([0, 1, 6]), n_items=8)
    assert pairs.at.tolist() == [0, 0, 1, 1, 2]
    assert pairs.classes.tolist() == [0, 1, 0, 3, 4]
    assert pairs.codes.tolist() == [2, 1, 2, 0, 2]
    assert (pairs.classes.dtype.name, len(pairs)) == ("int16", 5)
    accepted = pairs.where(pairs.codes > 0)
    assert list(zip(accepted.at.tolist(), accepted.classes.tolist(), strict=True)) == [(0, 0), (0, 1), (1, 0), (2, 4)]


def test_no_graded_item_and_no_verdict(toy_labels: LabelSet, make_labels: MakeLabels) -> None:
    assert len(place_pairs(toy_labels, np.empty(0, np.intp), n_items=8)) == 0
    assert len(place_pairs(make_labels({0: {}}), np.array([0]), n_items=1)) == 0


@pytest.mark.parametrize(("n_classes", "dtype"), [(1000, np.int16), (2**15 - 1, np.int16), (2**15, np.int32)])
def test_the_smallest_type_of_class_ids(n_classes: int, dtype: type[np.signedinteger]) -> None:
    assert class_dtype(n_classes) is dtype
