"""Datasets as classes and items."""

from __future__ import annotations

import gc
import warnings
from pathlib import Path

import datasets
import pytest

from regrade.errors import InputError
from regrade.formats import DatasetSource, iter_image_files, read_dataset_classes, read_dataset_items
from regrade.records.classes import ClassList
from tests.formats.huggingface.conftest import CLASSES, Make, encode


def test_class_labels_name_the_classes(make: Make) -> None:
    assert read_dataset_classes(make("label")) == CLASSES


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["1", "0"], "expected a key that is no number"),
        (["cafe\u0301", "caf\u00e9"], "expected each class name once"),
        (["a\tb", "c"], "control"),
    ],
    ids=["numbers", "unicode-forms", "control-character"],
)
def test_names_that_cannot_be_keys_are_refused(make: Make, names: list[str], message: str) -> None:
    source = make(label=(datasets.ClassLabel(names=names), [0, 1]))
    with pytest.raises(InputError, match=message):
        read_dataset_classes(source)


def test_numbers_that_are_the_class_ids_are_keys(make: Make) -> None:
    digits = [str(digit) for digit in range(10)]
    assert read_dataset_classes(make(label=(datasets.ClassLabel(names=digits), [0, 9]))).keys == tuple(digits)


def test_rows_are_items_in_their_order(make: Make) -> None:
    read = read_dataset_items(make("image", "label", "key", options={"id_column": "key"}), split="val", classes=CLASSES)
    split = read.items.split
    assert (split.name, split.ids) == ("val", tuple("abcdef"))
    assert split.labels.tolist() == [0, 1, 2, 0, 1, -1]
    assert split.media == tuple(f"{row}.png" for row in range(6))
    assert (read.folder, len(read.digest or "")) == (None, 64)
    assert read.items.warnings == ("1 of 6 items have no label.",)


def test_the_images_have_the_paths_of_their_items(make: Make) -> None:
    photos = [{"bytes": encode(at, "JPEG" if at % 2 else "PNG"), "path": None} if at != 4 else None for at in range(11)]
    source = make(photo=(datasets.Image(), photos))
    split = read_dataset_items(source, split="main", classes=CLASSES).items.split
    assert split.media[:3] == ("00.png", "01.jpg", "02.png")
    assert (split.media[4], split.media[10]) == ("", "10.png")
    files = dict(iter_image_files(source))
    assert list(files) == [path for path in split.media if path]
    assert files["01.jpg"] == encode(1, "JPEG")


def test_other_images_have_another_digest(make: Make) -> None:
    def digest(*reds: int) -> str | None:
        photos = [{"bytes": encode(red), "path": None} for red in reds]
        return read_dataset_items(make(photo=(datasets.Image(), photos)), split="main", classes=CLASSES).digest

    assert digest(1, 2) == digest(1, 2) != digest(2, 1)


def test_a_dataset_without_images_or_labels_has_items(make: Make) -> None:
    read = read_dataset_items(make("key"), split="main", classes=CLASSES)
    assert (read.items.split.media, read.items.split.labels.tolist()) == (("",) * 6, [-1] * 6)
    assert (read.folder, read.digest) == (None, None)
    assert list(iter_image_files(make("key"))) == []


def test_lists_of_labels_give_no_item_its_label(make: Make) -> None:
    split = read_dataset_items(make("all_labels"), split="main", classes=CLASSES).items.split
    assert split.labels.tolist() == [-1] * 6


def test_text_and_plain_numbers_name_classes_too(make: Make) -> None:
    keys = make(label=(datasets.Value("string"), ["emu", "cat"]))
    assert read_dataset_items(keys, split="main", classes=CLASSES).items.split.labels.tolist() == [2, 0]
    numbers = make(label=(datasets.Value("int64"), [2, 0]))
    assert read_dataset_items(numbers, split="main", classes=CLASSES).items.split.labels.tolist() == [2, 0]
    with pytest.raises(InputError, match=r"row index 0: expected a class id 0\.\.2 or a class key.*; got 'owl'"):
        read_dataset_items(make(label=(datasets.Value("string"), ["owl"])), split="main", classes=CLASSES)


def test_a_folder_of_images_stays_where_it_is(tmp_path: Path) -> None:
    for name in ("cat/1.png", "dog/1.png"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(encode(1))
    read = read_dataset_items(DatasetSource(content=tmp_path), split="main", classes=CLASSES)
    assert (read.folder, read.digest) == (tmp_path, None)
    assert read.items.split.ids == read.items.split.media == ("cat/1.png", "dog/1.png")
    assert read.items.split.labels.tolist() == [0, 1]


def test_the_metadata_of_a_folder_says_the_labels(tmp_path: Path) -> None:
    for name in ("1.png", "2.png"):
        (tmp_path / name).write_bytes(encode(1))
    (tmp_path / "metadata.csv").write_text("file_name,label\n2.png,cat\n1.png,emu\n", encoding="utf-8")
    with warnings.catch_warnings():  # the library leaves the file open until it is collected
        warnings.simplefilter("ignore", ResourceWarning)
        split = read_dataset_items(DatasetSource(content=tmp_path), split="main", classes=CLASSES).items.split
        gc.collect()
    assert dict(zip(split.ids, split.labels.tolist(), strict=True)) == {"1.png": 2, "2.png": 0}


@pytest.mark.parametrize("bad", [b"", b"<svg/>"])
def test_a_row_without_a_raster_image_is_refused(make: Make, bad: bytes) -> None:
    photos = [{"bytes": encode(1), "path": None}, {"bytes": bad, "path": None}]
    with pytest.raises(InputError, match="row index 1: expected raster images"):
        read_dataset_items(make(photo=(datasets.Image(), photos)), split="main", classes=CLASSES)


def test_an_id_twice_is_refused(make: Make) -> None:
    ids = (datasets.Value("string"), ["a", "b", "a"])
    with pytest.raises(InputError, match=r"row index 2: expected each item once .*; got 'a' again"):
        read_dataset_items(make(id=ids), split="main", classes=ClassList((), (), (), ()))
