"""Which columns are meant, what ids and classes they hold."""

from __future__ import annotations

import datasets
import pytest

from regrade.errors import InputError
from regrade.formats import DatasetSource
from regrade.formats.huggingface.columns import (
    find_image_column,
    find_label_column,
    read_class_list_names,
    read_dataset_ids,
    read_label_cells,
)
from regrade.formats.huggingface.opening import OpenDataset, open_dataset
from regrade.records.classes import ClassList
from tests.formats.huggingface.conftest import CLASSES, LABELS, Make, encode

TURNED = ClassList(("emu", "n2", "n1"), ("emu", "dog", "cat"), ("",) * 3, ("",) * 3)
"""The same classes in another order, two of them under other keys."""


def cells(make: Make, column: str, classes: ClassList = CLASSES, **more: object) -> list[object]:
    source = make(column if column in ("label", "all_labels") else "key", **more)
    with open_dataset(source) as opened:
        return read_label_cells(opened, column, classes, source).to_list()


def test_images_and_labels_are_found_by_what_they_are(make: Make) -> None:
    source = make("key", "image", "label")
    with open_dataset(source) as opened:
        assert find_image_column(opened, source) == "image"
        assert find_label_column(opened, source, lists=True) == "label"
        assert read_class_list_names(opened, source) == ("cat", "dog", "emu")


def test_lists_of_labels_count_where_lists_are_wanted(make: Make) -> None:
    source = make("all_labels")
    with open_dataset(source) as opened:
        assert find_label_column(opened, source, lists=True) == "all_labels"
        assert find_label_column(opened, source, lists=False) is None
        assert read_class_list_names(opened, source) == ("cat", "dog", "emu")
    named = make("all_labels", options={"label_column": "all_labels"})
    with open_dataset(named) as opened:
        assert find_label_column(opened, named, lists=False) is None


def test_without_class_labels_a_column_label_is_meant(make: Make) -> None:
    source = make("key", label=(datasets.Value("int64"), [0, 1, 2, 0, 1, 2]))
    with open_dataset(source) as opened:
        assert find_label_column(opened, source, lists=False) == "label"
        with pytest.raises(InputError, match=r"which names the classes; got the columns key, label\. Name the classes"):
            read_class_list_names(opened, source)
    bare = make("key")
    with open_dataset(bare) as opened:
        assert find_label_column(opened, bare, lists=True) is None
        assert find_image_column(opened, bare) is None


def test_several_columns_need_a_name(make: Make) -> None:
    source = make("image", "label", "all_labels", thumb=(datasets.Image(), [None] * 6))
    with open_dataset(source) as opened:
        with pytest.raises(InputError, match=r"one column of images; got image, thumb\. Name one with --image"):
            find_image_column(opened, source)
        with pytest.raises(InputError, match=r"of class labels; got label, all_labels\. Name one with --label"):
            find_label_column(opened, source, lists=True)
        assert find_label_column(opened, source, lists=False) == "label"


@pytest.mark.parametrize("option", ["image_column", "label_column", "id_column"])
def test_a_column_that_is_not_there_is_named_with_those_there_are(make: Make, option: str) -> None:
    source = make("image", "key", options={option: "absent"})
    with open_dataset(source) as opened, pytest.raises(InputError, match="got absent; there are image, key"):
        _ask_for_all(opened, source)


def _ask_for_all(opened: OpenDataset, source: DatasetSource) -> None:
    find_image_column(opened, source)
    find_label_column(opened, source, lists=True)
    read_dataset_ids(opened, source)


class TestIds:
    """What items are called."""

    def ids(self, make: Make, *names: str, **more: object) -> list[str]:
        source = make(*names, **more)
        with open_dataset(source) as opened:
            return read_dataset_ids(opened, source)

    def test_by_the_column_that_is_named(self, make: Make) -> None:
        assert self.ids(make, "image", "key", options={"id_column": "key"}) == list("abcdef")

    def test_by_a_column_that_is_called_so(self, make: Make) -> None:
        assert self.ids(make, "image", id=(datasets.Value("int32"), list(range(10, 16)))) == list(
            map(str, range(10, 16))
        )

    def test_by_the_names_of_the_images(self, make: Make) -> None:
        images = [{"bytes": encode(red), "path": f"some/where/{red}.png"} for red in range(3)]
        assert self.ids(make, photo=(datasets.Image(), images)) == ["0.png", "1.png", "2.png"]

    def test_by_number_where_names_repeat_or_are_missing(self, make: Make) -> None:
        twice = [{"bytes": encode(red), "path": f"{red}/same.png"} for red in range(3)]
        assert self.ids(make, photo=(datasets.Image(), twice)) == ["0", "1", "2"]
        assert self.ids(make, "label") == list("012345")
        assert self.ids(make, photo=(datasets.Image(), [None, None])) == ["0", "1"]


class TestClasses:
    """Class numbers of the dataset become class ids of the benchmark."""

    def test_by_key_or_unique_name(self, make: Make) -> None:
        assert cells(make, "label") == [0, 1, 2, 0, 1, None]
        assert cells(make, "label", TURNED) == [2, 1, 0, 2, 1, None]
        assert cells(make, "all_labels", TURNED) == [[2], [1, 0], [0], [], [1, 2], [2]]

    def test_by_number_where_that_is_said(self, make: Make) -> None:
        others = ClassList(("x", "y", "z"), ("x", "y", "z"), ("",) * 3, ("",) * 3)
        assert cells(make, "label", others, options={"by_number": True}) == [0, 1, 2, 0, 1, None]
        with pytest.raises(InputError, match=r"got 'cat', 'dog', 'emu'\. If the numbers .* add --class-numbers"):
            cells(make, "label", others)

    def test_another_number_of_classes_is_refused(self, make: Make) -> None:
        two = ClassList(("x", "y"), ("x", "y"), ("", ""), ("", ""))
        with pytest.raises(InputError, match="expected 2 classes; got 3"):
            cells(make, "label", two, options={"by_number": True})

    def test_two_names_of_one_class_are_refused(self, make: Make) -> None:
        clash = ClassList(("cat", "n2", "emu"), ("cat", "dog", "emu"), ("",) * 3, ("",) * 3)
        both = datasets.ClassLabel(names=["dog", "n2", "emu"])
        with pytest.raises(InputError, match="each by another; got 'n2'"):
            cells(make, "both", clash, both=(both, [0, 1, 2, 0, 1, 2]))

    def test_minus_1_is_no_label(self, make: Make) -> None:
        assert cells(make, "some", some=(LABELS, [0, -1, 2, -1, 1, 0])) == [0, None, 2, None, 1, 0]
        assert cells(make, "some", some=(datasets.Value("int8"), [0, -1, 2, -1, 1, 0])) == [0, None, 2, None, 1, 0]

    @pytest.mark.parametrize(
        ("feature", "values"),
        [(LABELS, [0, 1, 2, 0, 1, 3]), (datasets.List(LABELS), [[0], [1], [], [0], [1], [2, 3]])],
        ids=["single", "lists"],
    )
    def test_a_number_of_no_class_is_refused(self, feature: object, values: list[object]) -> None:
        plain = datasets.List(datasets.Value("int64")) if isinstance(values[0], list) else datasets.Value("int64")
        made = datasets.Dataset.from_dict({"some": values}, features=datasets.Features({"some": plain}))
        # The library checks numbers when it makes a column, not when its feature is exchanged.
        made._info.features = datasets.Features({"some": feature})
        source = DatasetSource(content=made)
        said = "row index 5: expected class numbers 0 to 2, or -1 for none; got "
        with open_dataset(source) as opened, pytest.raises(InputError, match=said):
            read_label_cells(opened, "some", CLASSES, source)

    def test_text_is_left_to_the_reader_of_class_cells(self, make: Make) -> None:
        assert cells(make, "some", some=(datasets.Value("string"), list("xyzxyz"))) == list("xyzxyz")
