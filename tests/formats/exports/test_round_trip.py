"""import(export(x)) == x: whatever a format holds without a warning is read again as it was."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import choose_export, read_items, read_labels
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split
from regrade.records.labels import LabelSet, Verdict
from regrade.records.provenance import LabelSheet
from tests.formats.exports.conftest import labels_of, version_of

N_CLASSES = 4
CLASSES = ClassList(("n1", "n2", "7x", "é"), ("crane", "crane", "", "tench"), ("",) * 4, ("",) * 4)
FORMATS = ("csv", "parquet", "real", "human-accuracy")

# Ids that CSV must quote, that a spreadsheet would run, that look like numbers, dates and each other.
NAMES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "a",
                "'a",
                "''a",
                "=a",
                "'=a",
                "-1",
                "007",
                "1e5",
                "a,b",
                'say "x"',
                '"',
                ";",
                " a ",
                "é",
                "null",
                "x/y.png",
            ]
        ),
        st.from_regex(r"ILSVRC2012_val_[0-9]{1,2}", fullmatch=True),
    ),
    min_size=1,
    max_size=6,
    unique=True,
)


@st.composite
def sheets(draw: st.DrawFn) -> LabelSheet:
    """Any label set that a workspace can hold: original labels are those of the items, where these carry one."""
    ids = draw(NAMES)
    own = draw(st.lists(st.integers(NO_LABEL, N_CLASSES - 1), min_size=len(ids), max_size=len(ids)))
    rows = []
    for item, label in enumerate(own):
        if draw(st.booleans()):
            verdicts = draw(st.dictionaries(st.integers(0, 3), st.sampled_from([row.value for row in Verdict])))
            original = label if label != NO_LABEL else draw(st.integers(NO_LABEL, N_CLASSES - 1))
            rows.append((item, original, verdicts, draw(st.booleans())))
    return LabelSheet(
        labels=labels_of(rows, n_classes=N_CLASSES),
        version=version_of(),
        split=Split("main", tuple(ids), np.array(own, np.int32), ("",) * len(ids)),
        classes=CLASSES,
        benchmark="birds",
        media_type="image",
    )


def assert_same(one: LabelSet, other: LabelSet) -> None:
    for field in dataclasses.fields(LabelSet):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, np.ndarray):
            assert mine.dtype == theirs.dtype, field.name
            np.testing.assert_array_equal(mine, theirs, err_msg=field.name)
        else:
            assert mine == theirs


def read_again(sheet: LabelSheet, name: str, folder: Path) -> LabelSet | None:
    """What the file gives; None where the format can hold nothing of the label set, or warns that it loses some."""
    path = folder / "labels"
    try:
        document = choose_export(path, name).write(sheet)
    except InputError:
        return None
    path.write_bytes(document.content)
    read = read_labels(path, split=sheet.split, classes=sheet.classes, format=name)
    told = read_labels(path, split=sheet.split, classes=sheet.classes)
    assert_same(told.labels, read.labels)
    return None if document.warnings else read.labels


BARE = LabelSheet(
    labels=labels_of([(1, NO_LABEL, {}, False)]),
    version=version_of(),
    split=Split("main", ("=a", "'=a"), np.array([NO_LABEL, NO_LABEL], np.int32), ("", "")),
    classes=CLASSES,
    benchmark="birds",
    media_type="image",
)


@pytest.mark.parametrize("name", ["csv", "real", "human-accuracy"])
@settings(max_examples=200, deadline=None)
@given(sheet=sheets())
@example(sheet=BARE)
def test_what_is_written_is_read_again(name: str, sheet: LabelSheet) -> None:
    with TemporaryDirectory() as folder:
        labels = read_again(sheet, name, Path(folder))
    if labels is not None:
        assert_same(labels, sheet.labels)
    elif name == "csv":
        assert len(sheet.labels.items) == 0


@settings(max_examples=12, deadline=None)  # every file is decoded by a process of its own
@given(sheet=sheets())
@example(sheet=BARE)
def test_what_is_written_as_parquet_is_read_again(sheet: LabelSheet) -> None:
    with TemporaryDirectory() as folder:
        labels = read_again(sheet, "parquet", Path(folder))
    if labels is None:
        assert len(sheet.labels.items) == 0
    else:
        assert_same(labels, sheet.labels)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", FORMATS)
def test_the_multi_labels_of_imagenet(
    name: str, shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split, tmp_path: Path
) -> None:
    file = shared_data / "imagenet" / ("real.json" if name == "real" else "multilabel_v3.csv")
    labels = read_labels(file, split=imagenet_split, classes=imagenet_classes).labels
    sheet = LabelSheet(labels, version_of(), imagenet_split, imagenet_classes, "ImageNet", "image")
    again = read_again(sheet, name, tmp_path)
    assert again is not None
    assert_same(again, labels)


def test_the_items_of_the_tests_are_those_that_an_items_file_can_have(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text('id\n"a,b"\n"say ""x"""\n""""\n;\n a \né\n\'=a\n=a\n')
    assert len(read_items(path, split="main", classes=CLASSES).split) == 8
