"""Datasets as label sets."""

from __future__ import annotations

from typing import Any

import datasets
import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import DatasetSource, ReadLabels, read_dataset_labels
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import Verdict
from tests.formats.huggingface.conftest import CLASSES, LABELS, Make

SPLIT = Split("main", tuple("012345"), np.full(6, NO_LABEL, np.int32), ("",) * 6)
LISTS = datasets.List(LABELS)


def read(source: DatasetSource, classes: ClassList = CLASSES) -> ReadLabels:
    return read_dataset_labels(source, split=SPLIT, classes=classes)


def verdicts(read: ReadLabels) -> dict[int, dict[int, str]]:
    """Verdict of each class of each covered item."""
    labels = read.labels
    names = {verdict.code: verdict.value for verdict in Verdict}
    found: dict[int, dict[int, str]] = {int(item): {} for item in labels.items}
    for item, class_id, code in zip(labels.pair_items, labels.pair_classes, labels.pair_codes, strict=True):
        found[int(item)][int(class_id)] = names[int(code)]
    return found


def test_a_single_label_is_correct_and_a_row_without_one_is_not_covered(make: Make) -> None:
    found = read(make("label"))
    assert verdicts(found) == {item: {class_id: "correct"} for item, class_id in enumerate([0, 1, 2, 0, 1])}
    assert found.warnings == ("1 of 6 rows have no label and are not covered.",)
    assert not found.labels.problematic.any()


def test_every_class_of_a_list_is_correct(make: Make) -> None:
    found = read(make("all_labels"))
    expected = {0: [0], 1: [1, 2], 2: [2], 4: [0, 1], 5: [0]}
    assert verdicts(found) == {item: dict.fromkeys(ids, "correct") for item, ids in expected.items()}
    assert found.warnings == ("1 of 6 rows have no label and are not covered.",)


def test_columns_of_verdicts_are_read_as_in_parquet(make: Make) -> None:
    lists: dict[str, tuple[Any, list[Any]]] = {
        "correct": (LISTS, [[0], [1], []]),
        "unclear": (LISTS, [[1], [], []]),
        "wrong": (LISTS, [[2], [], []]),
        "problematic": (datasets.Value("bool"), [False, False, True]),
        "original_label": (LABELS, [0, 1, -1]),
    }
    turned = ClassList(("emu", "dog", "cat"), ("emu", "dog", "cat"), ("",) * 3, ("",) * 3)
    found = read(make(**lists), turned)
    assert verdicts(found) == {0: {2: "correct", 1: "unclear", 0: "wrong"}, 1: {1: "correct"}, 2: {}}
    assert found.labels.problematic.tolist() == [False, False, True]
    assert found.labels.original.tolist() == [2, 1, NO_LABEL]
    only_correct = read(make(correct=lists["correct"]))
    assert verdicts(only_correct)[0] == {0: "correct"}


def test_a_named_column_wins_over_columns_of_verdicts(make: Make) -> None:
    found = read(make("label", correct=(LISTS, [[2]] * 6), options={"label_column": "label"}))
    assert verdicts(found)[0] == {0: "correct"}


def test_keys_and_plain_ids_name_classes(make: Make) -> None:
    assert verdicts(read(make(label=(datasets.Value("string"), ["emu", None])))) == {0: {2: "correct"}}
    plain = datasets.List(datasets.Value("int64"))
    assert verdicts(read(make(label=(plain, [[2, 0], []])))) == {0: {2: "correct", 0: "correct"}}


def test_items_are_found_by_their_ids(make: Make) -> None:
    found = read(make(label=(LABELS, [2, 0]), id=(datasets.Value("string"), ["4", "1"])))
    assert verdicts(found) == {1: {0: "correct"}, 4: {2: "correct"}}
    with pytest.raises(InputError, match=r"row index 1: expected an item of the split main .*; got 'x'"):
        read(make(label=(LABELS, [2, 0]), id=(datasets.Value("string"), ["4", "x"])))


def test_a_dataset_without_labels_is_refused(make: Make) -> None:
    with pytest.raises(InputError, match=r"expected a column of labels; got the columns key\. Name one with --label"):
        read(make("key"))
