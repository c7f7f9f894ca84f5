"""Label sets as the human_accuracy JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats.exports.human_accuracy import write_human_accuracy
from regrade.records.items import Split
from regrade.records.provenance import LabelSheet
from tests.formats.exports.conftest import SheetOf

MIXED = Split("main", ("ILSVRC2012_val_1", "other", "ILSVRC2012_val_2"), np.array([0, 1, 2], np.int32), ("", "", ""))


def test_verdicts_by_key_and_problematic_images_by_name(sheet: LabelSheet) -> None:
    document = write_human_accuracy(sheet)
    assert json.loads(document.content) == {
        "initial_annots": {"a": {"correct": ["n1"], "wrong": ["n2", "n3"], "unclear": ["n4"]}, "b": {}},
        "problematic_images": {"b": {}},
        "imagenet_m": [],
    }
    assert document.warnings == ()


def test_images_that_a_reader_would_take_for_another_benchmark_are_left_out(sheet_of: SheetOf) -> None:
    rows = [(0, 0, {1: "wrong"}, False), (1, 1, {2: "correct"}, True), (2, 2, {}, True)]
    document = write_human_accuracy(sheet_of(rows, split=MIXED))
    read = json.loads(document.content)
    assert list(read["initial_annots"]) == ["ILSVRC2012_val_1", "ILSVRC2012_val_2"]
    assert list(read["problematic_images"]) == ["ILSVRC2012_val_2"]
    assert document.warnings == (
        "1 items of another benchmark than ImageNet's validation set cannot be held: read again, they are left out.",
    )


def test_original_labels_of_the_label_set_alone_are_a_loss(sheet_of: SheetOf) -> None:
    (warning,) = write_human_accuracy(sheet_of([(2, 3, {3: "correct"}, False)])).warnings
    assert warning.startswith("1 original labels")


def test_no_image_is_no_file(sheet_of: SheetOf) -> None:
    with pytest.raises(InputError, match="got reviewed@2, which covers none"):
        write_human_accuracy(sheet_of([]))
    with pytest.raises(InputError, match="an image of the split's benchmark"):
        write_human_accuracy(sheet_of([(1, 1, {}, False)], split=MIXED))
