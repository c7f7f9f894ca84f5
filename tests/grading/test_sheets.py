"""Marking sheets: places, models side by side, missing predictions."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.grading import prepare_key
from regrade.grading.sheets import MarkingSheet, find_missing
from regrade.records.items import Split
from regrade.records.labels import LabelSet
from regrade.records.predictions import NO_CLASS

# Graded items of the toy benchmark: 0 1 2 3 5 6, at places 0 to 5 of a model; accepted: {0, 1} {0} {1, 4} {2} {} {4}.
TOPS = np.array([[1, 3, 1, 1, 0, 4], [0, 0, 4, 2, 3, NO_CLASS]], np.int16)
WRONG = [[0, 1, 0, 1, 1, 0], [0, 0, 0, 0, 1, 1]]
REJECTED = {(0, 1): 0, (0, 3): 0, (1, 4): 0}
"""(model, place): item 1 as class 3, item 3 as class 1, item 5 as class 3, all marked wrong."""


@pytest.mark.parametrize("n_models", [2, 5], ids=["full", "part of a sheet"])
def test_models_side_by_side(toy_split: Split, toy_labels: LabelSet, n_models: int) -> None:
    sheet = MarkingSheet(prepare_key(toy_labels, toy_split, ref="toy@1"), n_models)
    wrong = sheet.find_wrong(TOPS)
    assert wrong.reshape(2, 6).astype(int).tolist() == WRONG
    places, codes = sheet.find_rejected(TOPS)
    assert dict(zip(((int(place) // 6, int(place) % 6) for place in places), codes.tolist(), strict=True)) == REJECTED
    # Original classes of the places: 0 0 1 1 2 and none.
    assert sheet.count(np.flatnonzero(wrong), 2).tolist() == [[1, 1, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0, 1]]
    assert find_missing(TOPS, np.flatnonzero(wrong)).tolist() == [11]


@pytest.mark.parametrize("model", [0, 1])
def test_one_model_at_a_time_gives_the_same(toy_split: Split, toy_labels: LabelSet, model: int) -> None:
    sheet = MarkingSheet(prepare_key(toy_labels, toy_split, ref="toy@1"))
    tops = TOPS[model : model + 1]
    assert sheet.find_wrong(tops).astype(int).tolist() == WRONG[model]
    places, _ = sheet.find_rejected(tops)
    assert [(model, place) for place in places.tolist()] == [pair for pair in REJECTED if pair[0] == model]


def test_nothing_is_missing_where_every_class_is_one() -> None:
    assert find_missing(TOPS[:1], np.array([1, 3])).tolist() == []
    assert find_missing(np.empty((0, 6), np.int16), np.empty(0, np.intp)).tolist() == []
