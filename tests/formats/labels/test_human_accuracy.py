"""The JSON of imagenet2012_multilabel."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_labels
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write

VAL = Split("main", ("ILSVRC2012_val_1", "ILSVRC2012_val_2"), np.array([0, 1], np.int32), ("", ""))
V2 = Split("v2", ("f00.jpeg",), np.array([2], np.int32), ("",))


def make(**changes: object) -> dict[str, Any]:
    return {
        "initial_annots": {
            "ILSVRC2012_val_2": {"wrong": ["n1", "n3"], "correct": ["n2"]},
            "f00.jpeg": {"correct": ["n3"]},
            "ILSVRC2012_val_1": {"unclear": ["n4"], "correct": []},
        },
        "problematic_images": {"ILSVRC2012_val_1": 1, "ILSVRC2012_val_9": 1},
        "imagenet_m": ["ILSVRC2012_val_2"],
        "annot_data": {"ignored": [1.5, None]},
        **changes,
    }


def test_images_of_the_validation_set(write: Write, classes: ClassList) -> None:
    read = read_labels(write("h.json", json.dumps(make())), split=VAL, classes=classes)
    labels = read.labels
    assert labels.items.tolist() == [0, 1]
    assert labels.original.tolist() == [0, 1]
    assert labels.problematic.tolist() == [True, False]
    assert labels.pair_items.tolist() == [0, 1, 1, 1]
    assert labels.pair_classes.tolist() == [3, 0, 1, 2]
    assert labels.pair_codes.tolist() == [1, 0, 2, 0]
    assert read.warnings == (
        "1 images of another benchmark were left out.",
        "1 problematic images have no annotations and were left out.",
        "imagenet_m names 1 images: that is a slice and no label, so it was not read.",
    )


def test_images_of_the_second_benchmark(write: Write, classes: ClassList) -> None:
    text = json.dumps(make(problematic_images=["f00.jpeg"], imagenet_m=[]))
    read = read_labels(write("h.json", text), split=V2, classes=classes)
    assert (read.labels.pair_classes.tolist(), read.labels.problematic.tolist()) == ([2], [True])
    assert read.warnings == ("2 images of another benchmark were left out.",)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param(
            make(initial_annots={"ILSVRC2012_val_3": {}}), "item 'ILSVRC2012_val_3': expected an item", id="item"
        ),
        pytest.param(
            make(initial_annots={"ILSVRC2012_val_1": {"wrong": ["n1", "n9"]}}),
            "item 'ILSVRC2012_val_1': expected a class id .*; got 'n9'",
            id="class",
        ),
        pytest.param(
            make(initial_annots={"ILSVRC2012_val_1": {"wrong": "n1"}}),
            "a list of classes in wrong; got 'n1'",
            id="text",
        ),
        pytest.param(
            make(initial_annots={"ILSVRC2012_val_1": []}), r"expected an object of lists; got \[\]", id="list"
        ),
        pytest.param(make(initial_annots={"x": {}}), "images of the split main in initial_annots; got none", id="none"),
        pytest.param(
            make(initial_annots=[]), "initial_annots .an object.*; got initial_annots: list, ", id="annotations"
        ),
        pytest.param(make(problematic_images=3), "problematic_images .an object or list.; got|: int", id="problematic"),
        pytest.param({"initial_annots": {}}, "a JSON object with .*; got initial_annots: dict", id="members missing"),
    ],
)
def test_bad_files_are_refused(write: Write, classes: ClassList, document: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_labels(write("h.json", json.dumps(document)), split=VAL, classes=classes)


def test_a_list_is_not_this_format(write: Write, classes: ClassList) -> None:
    with pytest.raises(InputError, match=r"a JSON object with initial_annots .*; got \[\]"):
        read_labels(write("h.json", "[]"), split=VAL, classes=classes, format="human-accuracy")


def test_one_image_in_two_unicode_forms_is_refused(write: Write, classes: ClassList) -> None:
    split = Split("main", ("\u00e9",), np.array([0], np.int32), ("",))
    document = make(initial_annots={"\u00e9": {}, "e\u0301": {}})
    with pytest.raises(InputError, match=r"expected each item once .after Unicode normalization.; got 'é' again"):
        read_labels(write("h.json", json.dumps(document)), split=split, classes=classes)


@pytest.mark.shared_data
def test_it_gives_what_the_same_labels_give_as_csv(
    shared_data: Path, write: Write, imagenet_classes: ClassList, imagenet_split: Split
) -> None:
    path = shared_data / "imagenet" / "multilabel_v3.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    keys = imagenet_classes.keys
    annotations = {
        row["id"]: {
            name: [keys[int(n)] for n in row[name].split(";")] for name in ("correct", "unclear", "wrong") if row[name]
        }
        for row in rows
    }
    document = make(
        initial_annots=annotations,
        problematic_images={row["id"]: 1 for row in rows if row["problematic"] == "1"},
        imagenet_m=[],
    )
    from_json = read_labels(write("h.json", json.dumps(document)), split=imagenet_split, classes=imagenet_classes)
    from_csv = read_labels(path, split=imagenet_split, classes=imagenet_classes)
    for name in ("items", "original", "problematic", "pair_items", "pair_classes", "pair_codes"):
        np.testing.assert_array_equal(getattr(from_json.labels, name), getattr(from_csv.labels, name))
    assert from_json.warnings == from_csv.warnings
