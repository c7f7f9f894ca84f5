"""ReaL's labels."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_labels
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write


def test_lists_belong_to_items_in_order(write: Write, split: Split, classes: ClassList) -> None:
    read = read_labels(write("real.json", "[[2, 0], [], [1]]"), split=split, classes=classes)
    labels = read.labels
    assert labels.items.tolist() == [0, 1, 2]
    assert labels.original.tolist() == [0, 1, NO_LABEL]
    assert labels.pair_items.tolist() == [0, 0, 2]
    assert labels.pair_classes.tolist() == [0, 2, 1]
    assert labels.pair_codes.tolist() == [2, 2, 2]
    assert not labels.problematic.any()
    assert read.warnings == ("1 of 3 items are not problematic and have no accepted class.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param(
            "[[0], [1]]", "a JSON list of 3 lists, one for each item of the split main; got 2 of them", id="short"
        ),
        pytest.param("[[0], [1], [], []]", "a JSON list of 3 lists.*; got 4 of them", id="long"),
        pytest.param("[]", "a JSON list of 3 lists.*; got 0 of them", id="empty"),
        pytest.param("[[0], 1, [2]]", "row index 1: expected a list of class ids; got 1", id="no list"),
        pytest.param("[[0], null, [2]]", "row index 1: expected a list of class ids; got None", id="null"),
        pytest.param("[[0], [1, 4], [2]]", r"row index 1: expected a class id 0\.\.3 .*; got 4", id="C"),
        pytest.param("[[0], [1], [-1]]", "row index 2: .* got -1", id="-1"),
        pytest.param("[[0], [1.5], []]", "row index 1: .* got 1.5", id="1.5"),
        pytest.param("[[0], [true], []]", "row index 1: .* got True", id="true"),
        pytest.param('[[0], ["1"], []]', "row index 1: .* got '1'", id='"1"'),
        pytest.param(f"[[0], [{2**63}], []]", "row index 1: .* got 9223372036854775808", id="2^63"),
        pytest.param("[[0], [NaN], []]", "expected strict JSON; got NaN", id="NaN"),
        pytest.param(
            "[" * 10_000 + "]" * 10_000, "expected strict JSON; got lists or objects nested too deep", id="deep"
        ),
        pytest.param("[[0], [1], ", r"real.json, row 1: expected JSON; got Expecting value", id="truncated"),
    ],
)
def test_bad_files_are_refused(write: Write, split: Split, classes: ClassList, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_labels(write("real.json", text), split=split, classes=classes)


def test_an_object_is_not_this_format(write: Write, split: Split, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"expected a JSON list of 3 lists.*; got {'a': 1}"):
        read_labels(write("real.json", '{"a": 1}'), split=split, classes=classes, format="real")


@pytest.mark.shared_data
def test_real(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    path = shared_data / "imagenet" / "real.json"
    read = read_labels(path, split=imagenet_split, classes=imagenet_classes)
    assert len(read.labels.items) == 50_000
    assert read.warnings == ("3,163 of 50,000 items are not problematic and have no accepted class.",)
    # 46,837 items have labels (FACTS: ReaL of ResNet-50 is 38,855 of 46,837).
    assert len(np.unique(read.labels.pair_items)) == 46_837
    assert read.labels.accepted_classes(1) == (795, 970)
    np.testing.assert_array_equal(read.labels.original, imagenet_split.labels)
