"""Predictions that are known for the mistakes only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from regrade.errors import InputError
from regrade.formats import read_labels, read_predictions
from regrade.records.classes import ClassList
from regrade.records.items import Split
from regrade.records.labels import Verdict

if TYPE_CHECKING:
    from tests.formats.conftest import Write
    from tests.formats.predictions.conftest import Read, ReadOne


def test_items_that_are_not_named_have_no_class(write: Write, read_one: ReadOne) -> None:
    document = {
        "c": {"top_prediction": 3, "failure category": "x", "failure severity": "y"},
        "a": {"top_prediction": 1},
    }
    predictions = read_one(write("p.json", json.dumps(document)))
    assert predictions.only_mistakes
    assert predictions.classes.tolist() == [[1], [-1], [3]]
    assert predictions.classes.dtype == np.int16
    assert (predictions.scores, predictions.score_kind) == (None, "none")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('{"x": {"top_prediction": 1}}', "item 'x': expected an item of the split main", id="unknown item"),
        pytest.param('{"a": {"top_prediction": 4}}', "item 'a': expected a class id .*; got 4", id="C"),
        pytest.param('{"a": {"top_prediction": -1}}', "item 'a': expected a class id .*; got -1", id="-1"),
        pytest.param('{"a": {"top_prediction": true}}', "item 'a': expected a class id .*; got True", id="true"),
        pytest.param('{"a": {"top_prediction": "1"}}', "item 'a': expected a class id .*; got '1'", id='"1"'),
        pytest.param('{"a": {"top_prediction": 1.5}}', "item 'a': expected a class id .*; got 1.5", id="1.5"),
        pytest.param(f'{{"a": {{"top_prediction": {2**63}}}}}', "item 'a': .* got 9223372036854775808", id="2^63"),
        pytest.param('{"a": {"top_prediction": 1}, "a": {}}', "got the key 'a' twice in one object", id="item twice"),
    ],
)
def test_bad_files_are_refused(write: Write, read: Read, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"p.json.*{message}"):
        read(write("p.json", text))


@pytest.mark.shared_data
def test_vit3b(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    path = shared_data / "imagenet" / "vit3b_mistakes.json"
    [predictions] = read_predictions(path, split=imagenet_split, classes=imagenet_classes, model="vit3b")
    items = np.flatnonzero(predictions.classes[:, 0] >= 0)
    assert (len(items), predictions.n_missing) == (378, 50_000 - 378)
    # Every prediction is in its image's wrong list (data README, Traps).
    labels = read_labels(
        shared_data / "imagenet" / "multilabel_v3.csv", split=imagenet_split, classes=imagenet_classes
    ).labels
    verdicts = {labels.verdict(int(item), int(predictions.classes[item, 0])) for item in items}
    assert verdicts == {Verdict.WRONG}
