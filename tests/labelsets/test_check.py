from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from regrade.errors import InputError
from regrade.labelsets.check import check_label_set
from regrade.records.items import NO_LABEL
from regrade.records.labels import LabelSet

LabelsOf = Callable[..., LabelSet]


def ints(*values: int) -> npt.NDArray[np.int32]:
    return np.array(values, np.int32)


def bytes_(*values: int) -> npt.NDArray[np.int8]:
    return np.array(values, np.int8)


def test_a_sound_label_set_passes(labels_of: LabelsOf) -> None:
    check_label_set(labels_of({}), 0)
    sound = labels_of({0: {0: "wrong", 9: "correct"}, 1: {}, 4: {0: "unclear"}}, problematic={1})
    check_label_set(sound, 5)
    check_label_set(dataclasses.replace(sound, original=ints(NO_LABEL, 9, 0)), 5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"items": ints(0, 5)}, r"position in 0\.\.4; got 5", id="item-too-high"),
        pytest.param({"items": ints(-1, 4)}, r"position in 0\.\.4; got -1", id="item-below-0"),
        pytest.param({"items": ints(4, 0)}, "items in ascending order, each once; got entry 1", id="items-unsorted"),
        pytest.param({"items": ints(4, 4)}, "items in ascending order, each once; got entry 1", id="item-twice"),
        pytest.param({"original": ints(0, 10)}, r"original label \(or -1\) in -1\.\.9; got 10", id="original-high"),
        pytest.param({"original": ints(-2, -3)}, r"got -2 \(1 more like it\)", id="originals-low"),
        pytest.param({"original": ints(0)}, "a flag for each item; got 2 items, 1 original", id="original-short"),
        pytest.param({"problematic": np.array([True])}, "2 items, 2 original, 1 problematic", id="flags-short"),
        pytest.param({"pair_codes": bytes_(0, 1)}, "a code for each verdict; .*3 pair_classes, 2", id="codes-short"),
        pytest.param({"pair_items": ints(0)}, "a code for each verdict; .*1 pair_items, 3", id="pairs-short"),
        pytest.param({"pair_classes": ints(1, 10, 2)}, r"a class in 0\.\.9; got 10", id="class-too-high"),
        pytest.param({"pair_classes": ints(-1, 1, 2)}, r"a class in 0\.\.9; got -1", id="class-below-0"),
        pytest.param({"pair_codes": bytes_(0, 3, 1)}, r"a verdict code in 0\.\.2; got 3", id="code-too-high"),
        pytest.param({"pair_codes": bytes_(0, -1, 1)}, r"a verdict code in 0\.\.2; got -1", id="code-never-judged"),
        pytest.param({"pair_classes": ints(5, 1, 2)}, r"sorted by \(item, class\).*entry 1", id="classes-unsorted"),
        pytest.param({"pair_classes": ints(1, 1, 2)}, r"sorted by \(item, class\).*entry 1", id="pair-twice"),
        pytest.param(
            {"pair_items": ints(0, 4, 0)}, r"sorted by \(item, class\).*entry 2", id="items-of-pairs-unsorted"
        ),
        pytest.param(
            {"pair_items": ints(0, 2, 3)}, r"covered items only; got one on the item at position 2 \(1", id="outside"
        ),
    ],
)
def test_what_is_unsound_is_refused(
    labels_of: LabelsOf, change: dict[str, npt.NDArray[np.generic]], words: str
) -> None:
    sound = labels_of({0: {1: "wrong", 5: "correct"}, 4: {2: "unclear"}})
    check_label_set(sound, 5)
    with pytest.raises(InputError, match=words):
        check_label_set(dataclasses.replace(sound, **change), 5)  # type: ignore[arg-type]
