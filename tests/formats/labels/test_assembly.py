"""From rows to a label set."""

from __future__ import annotations

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats.labels.assembly import FileVerdicts, assemble_labels
from regrade.formats.places import Place
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split

WRONG, UNCLEAR, CORRECT = 0, 1, 2


def verdicts(
    items: list[int],
    pairs: list[tuple[int, int, int]],
    *,
    original: list[int] | None = None,
    problematic: list[bool] | None = None,
) -> FileVerdicts:
    rows, class_ids, codes = np.array(pairs, np.int32).reshape(-1, 3).T
    return FileVerdicts(
        items=np.array(items, np.int32),
        original=np.array(original or [NO_LABEL] * len(items), np.int32),
        problematic=np.array(problematic or [False] * len(items)),
        pair_rows=rows,
        pair_classes=class_ids,
        pair_codes=codes.astype(np.int8),
        place=Place("f.csv", first_row=2),
    )


def test_rows_are_sorted_by_item(split: Split, classes: ClassList) -> None:
    given = verdicts([2, 0], [(0, 3, CORRECT), (0, 1, WRONG), (1, 0, UNCLEAR)], problematic=[True, False])
    labels = assemble_labels(given, split, classes).labels
    assert (labels.split, labels.n_classes) == ("main", 4)
    assert labels.items.tolist() == [0, 2]
    assert labels.problematic.tolist() == [False, True]
    assert labels.pair_items.tolist() == [0, 2, 2]
    assert labels.pair_classes.tolist() == [0, 1, 3]
    assert labels.pair_codes.tolist() == [UNCLEAR, WRONG, CORRECT]
    assert [array.dtype for array in (labels.items, labels.original, labels.pair_items, labels.pair_classes)] == [
        np.int32
    ] * 4
    assert labels.problematic.dtype == np.bool_
    assert labels.pair_codes.dtype == np.int8


def test_original_labels_come_from_the_file_then_from_the_split(split: Split, classes: ClassList) -> None:
    # The split says a: 0, b: 1, c: none.
    given = verdicts([2, 1, 0], [], original=[3, NO_LABEL, 0], problematic=[True] * 3)
    assert assemble_labels(given, split, classes).labels.original.tolist() == [0, 1, 3]


def test_a_different_original_label_is_refused(split: Split, classes: ClassList) -> None:
    given = verdicts([2, 1, 0], [], original=[3, 2, 1])
    with pytest.raises(InputError, match=r"f.csv, row 3: .*items file gives, 1 .n2.; got 2 .n3. .1 more like it"):
        assemble_labels(given, split, classes)


def test_overlaps_and_repetitions_are_settled_and_counted(split: Split, classes: ClassList) -> None:
    pairs = [
        (0, 1, WRONG),
        (0, 1, CORRECT),  # item a, class 1 in two lists: correct
        (1, 1, WRONG),
        (1, 1, UNCLEAR),  # item b, class 1 in two lists: unclear
        (2, 1, CORRECT),
        (2, 1, CORRECT),  # item c, class 1 again in one list: not an overlap
    ]
    read = assemble_labels(verdicts([0, 1, 2], pairs), split, classes)
    assert read.labels.pair_codes.tolist() == [CORRECT, UNCLEAR, CORRECT]
    assert read.warnings == (
        "2 (item, class) pairs stand in several lists: correct counts before unclear before wrong.",
        "Classes repeated within one list: 1; each counts once.",
    )


def test_items_without_an_accepted_class_are_counted_unless_problematic(split: Split, classes: ClassList) -> None:
    given = verdicts([0, 1, 2], [(0, 1, WRONG), (2, 1, UNCLEAR)], problematic=[False, True, False])
    assert assemble_labels(given, split, classes).warnings == (
        "1 of 3 items are not problematic and have no accepted class.",
    )
