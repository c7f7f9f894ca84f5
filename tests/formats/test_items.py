"""Items files."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import read_items
from regrade.formats.normalization import normalize
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL

if TYPE_CHECKING:
    from tests.formats.conftest import Write

THREE = ClassList(("n1", "n2", "n3"), ("crane", "crane", "beagle"), ("",) * 3, ("",) * 3)


def test_a_file_column_is_the_media_path_too(write: Write, classes: ClassList) -> None:
    read = read_items(write("i.csv", "file,class_id,wnid\nx/1.jpg,0,n1\n2.jpg,2,n3\n"), split="val", classes=classes)
    split = read.split
    assert (split.name, split.ids, split.media) == ("val", ("x/1.jpg", "2.jpg"), ("x/1.jpg", "2.jpg"))
    assert split.labels.tolist() == [0, 2]
    assert split.labels.dtype == np.int32
    assert read.warnings == ()


def test_an_id_column_has_no_media_unless_a_path_says_so(write: Write, classes: ClassList) -> None:
    assert read_items(write("i.csv", "id\nq1\n"), split="main", classes=classes).split.media == ("",)
    read = read_items(write("i.csv", "id,path\nq1,a/b.png\nq2,\n"), split="main", classes=classes)
    assert read.split.media == ("a/b.png", "")
    assert read.split.labels.tolist() == [NO_LABEL, NO_LABEL]
    assert read.warnings == ()


def test_another_column_can_hold_the_ids(write: Write, classes: ClassList) -> None:
    read = read_items(
        write("i.csv", "image,class_id\nq1,0\nq2.jpg,1\n"), split="main", classes=classes, id_column="image"
    )
    assert (read.split.ids, read.split.media) == (("q1", "q2.jpg"), ("", ""))
    read = read_items(write("i.csv", "image\nq1.JPG\nq2.png\n"), split="main", classes=classes, id_column="image")
    assert read.split.media == ("q1.JPG", "q2.png")
    read = read_items(write("i.csv", "image,file\nq1,a.gif\n"), split="main", classes=classes, id_column="image")
    assert (read.split.ids, read.split.media) == (("q1",), ("a.gif",))
    with pytest.raises(InputError, match=r"expected the columns picture; got the columns image"):
        read_items(write("i.csv", "image\nq1\n"), split="main", classes=classes, id_column="picture")


def test_labels_are_ids_keys_or_unique_names(write: Write, classes: ClassList) -> None:
    text = "id,label\na,1\nb,n3\nc,beagle\nd,\n"
    read = read_items(write("i.csv", text), split="main", classes=classes)
    assert read.split.labels.tolist() == [1, 2, 2, NO_LABEL]
    assert read.warnings == ("1 of 4 items have no label.",)


@pytest.mark.parametrize("column", ["wnid", "key"])
def test_a_key_column_alone_is_the_label(write: Write, classes: ClassList, column: str) -> None:
    read = read_items(write("i.csv", f"id,{column}\na,n2\n"), split="main", classes=classes)
    assert read.split.labels.tolist() == [1]


def test_ids_are_kept_in_one_unicode_form_and_paths_as_they_are(write: Write, classes: ClassList) -> None:
    split = read_items(write("i.csv", "file\ncafe\u0301.jpg\n"), split="main", classes=classes).split
    assert (split.ids, split.media) == (("caf\u00e9.jpg",), ("cafe\u0301.jpg",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("id\na\nb\na\n", "row 4: expected each item once .*; got 'a' again", id="duplicate"),
        pytest.param(
            "id\n\u00e9\ne\u0301\n", "row 3: expected each item once .*; got 'é' again", id="duplicate in NFC"
        ),
        pytest.param("id,x\na,1\n,2\n", "row 3: expected a value in the column id; got an empty cell", id="empty id"),
        pytest.param(
            'id,x\na,1\n"b\n",2\n', r"row 3: expected a name without control characters; got 'b\\n'", id="line break"
        ),
        pytest.param(
            "id,label\na,0\nb,crane\n", "row 3: .* got 'crane', which is the name of class 0, 1", id="name of two"
        ),
        pytest.param(
            "id,class_id\na,0\nb,beagle\n", r"row 3: expected a class id 0\.\.3 or a class key; got 'beagle'", id="name"
        ),
        pytest.param("id,class_id\na,0\nb,4\n", "row 3: .* got '4'", id="C"),
        pytest.param("id,class_id\na,0\nb,-1\n", "row 3: .* got '-1'", id="-1"),
        pytest.param("id,class_id\na,0\nb,1.5\n", "row 3: .* got '1.5'", id="1.5"),
        pytest.param("id,class_id\na,0\nb,true\n", "row 3: .* got 'true'", id="true"),
        pytest.param(f"id,class_id\na,0\nb,{2**63}\n", "row 3: .* got '9223372036854775808'", id="2^63"),
        pytest.param(
            "id,class_id,wnid\na,0,n1\nb,1,n3\nc,2,n2\n",
            r"row 3: expected one class in the columns class_id and wnid; got 1 .n2. and 2 .n3. .1 more like it.*order",
            id="permuted classes",
        ),
        pytest.param(
            "id,label,key\na,0,n2\n", "row 2: expected one class in the columns label and key", id="label and key"
        ),
        pytest.param("file\na.jpg\n/etc/passwd\n", "row 3: expected a file below the media folder", id="absolute"),
        pytest.param(
            "id,path\na,x\nb,../c\n", "row 3: expected a path below the media folder .*; got '../c'", id="upward"
        ),
        pytest.param("id,path\na,x/../../c\n", "row 2: expected a path below the media folder", id="upward inside"),
        pytest.param("id,path\na,x/..\n", "row 2: expected a path below the media folder", id="upward at the end"),
        pytest.param("id,path\na,C:x.jpg\n", "row 2: expected a path below the media folder", id="drive"),
        pytest.param("id,path\na,\\\\host\\x\n", "row 2: expected a path below the media folder", id="share"),
        pytest.param("id,path\na,x\\..\\y\n", "row 2: expected a path below the media folder", id="upward, backslash"),
        pytest.param("id,file\na,b\n", "expected one column of id, file; got id and file.*rename", id="id and file"),
        pytest.param(
            "name\na\n",
            "a column with the items' ids: id .or file, .*; got the columns name. Add the column id",
            id="no id",
        ),
        pytest.param("id\n", "expected at least one row below the header", id="header only"),
        pytest.param("id|label\na|0\n", "the items' ids: id .or file, .* Separate the cells by commas", id="bars"),
    ],
)
def test_bad_items_are_refused(write: Write, classes: ClassList, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"i.csv.*{message}"):
        read_items(write("i.csv", text), split="main", classes=classes)


@pytest.mark.parametrize("path", ["a..b/c..jpg", "ab:c.jpg", "...", ".hidden/x"])
def test_harmless_paths_are_kept(write: Write, classes: ClassList, path: str) -> None:
    read = read_items(write("i.csv", f"id,path\na,{path}\n"), split="main", classes=classes)
    assert read.split.media == (path,)


ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(
        st.tuples(ids, st.sampled_from(["", "0", "1", "2", "n3", "beagle"])),
        min_size=1,
        unique_by=lambda r: normalize(r[0]),
    )
)
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("id", "label"), *rows])
    path = tmp_path_factory.getbasetemp() / "items.csv"
    path.write_bytes(out.getvalue().encode())
    split = read_items(path, split="main", classes=THREE).split
    assert list(split.ids) == [normalize(item_id) for item_id, _ in rows]
    expected = {"": NO_LABEL, "0": 0, "1": 1, "2": 2, "n3": 2, "beagle": 2}
    assert split.labels.tolist() == [expected[label] for _, label in rows]


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=60))
def test_random_bytes_give_items_or_our_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_bytes(b"id,label,path\n" + data)
    with suppress(InputError):
        read_items(path, split="main", classes=THREE)


@pytest.mark.shared_data
def test_imagenet(shared_data: Path, imagenet_classes: ClassList) -> None:
    read = read_items(shared_data / "imagenet" / "val_labels.csv", split="main", classes=imagenet_classes)
    assert len(read.split) == 50_000
    assert read.split.ids[0] == read.split.media[0] == "ILSVRC2012_val_00000001.JPEG"
    assert read.split.labels[:2].tolist() == [65, 970]
    # 50 validation images a class.
    assert np.bincount(read.split.labels).tolist() == [50] * 1000
    assert read.warnings == ()
