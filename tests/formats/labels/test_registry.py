"""Choosing the format of a label file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_labels
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from pathlib import Path

    from tests.formats.conftest import Write


def test_the_format_is_told_by_content_and_not_by_name(write: Write, split: Split, classes: ClassList) -> None:
    assert read_labels(write("x.csv", "[[0], [], [1]]"), split=split, classes=classes).labels.pair_items.tolist() == [
        0,
        2,
    ]
    text = "id,correct,unclear,wrong,problematic\nb,1,,,0\n"
    assert read_labels(write("x.json", text), split=split, classes=classes).labels.items.tolist() == [1]


def test_a_named_format_is_taken_at_its_word(write: Write, split: Split, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"x.csv: expected a JSON file; got csv content"):
        read_labels(write("x.csv", "id\n"), split=split, classes=classes, format="real")
    with pytest.raises(
        InputError, match=r"a format of labels; got odd\. There are: csv, human-accuracy, parquet, real"
    ):
        read_labels(write("x.csv", "id\n"), split=split, classes=classes, format="odd")


def test_content_of_no_format_lists_them(tmp_path: Path, write: Write, split: Split, classes: ClassList) -> None:
    np.save(tmp_path / "x.npy", np.zeros(3))
    with pytest.raises(
        InputError, match=r"fits none of them .an array of float64 \(3,\).. Name one with --format: csv"
    ):
        read_labels(tmp_path / "x.npy", split=split, classes=classes)
    with pytest.raises(InputError, match=r"fits none of them .JSON of another layout."):
        read_labels(write("x.json", '{"a": 1}'), split=split, classes=classes)
