"""Labels as CSV and Parquet."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import read_labels
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write

HEADER = "id,original_label,correct,unclear,wrong,problematic\n"
# Of the items a, b (covered out of order) the verdicts, sorted by item and class: wrong 0, unclear 1, correct 2.
PAIRS = [(0, 0, 2), (0, 1, 0), (0, 2, 0), (1, 0, 1), (1, 1, 2)]


def pairs_of(labels: object) -> list[tuple[int, int, int]]:
    columns = (getattr(labels, name).tolist() for name in ("pair_items", "pair_classes", "pair_codes"))
    return list(zip(*columns, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(HEADER + "b,1,1,0,,0\na,0,0,,1;2,0\n", id="ids"),
        pytest.param(HEADER + "b,n2,n2,n1,,false\na,n1,n1,,n2;n3,false\n", id="keys"),
        pytest.param("\ufeff" + HEADER.replace("\n", "\r\n") + "b,,1,0,,0\r\na,,0,,n2;2,0\r\n", id="BOM and CRLF"),
        pytest.param(
            "problematic,wrong,correct,unclear,file,extra\n0,,1,0,b,x\n0,1;2,0,,a,\n", id="no original, other order"
        ),
    ],
)
def test_csv(write: Write, split: Split, classes: ClassList, text: str) -> None:
    read = read_labels(write("l.csv", text), split=split, classes=classes)
    assert read.labels.items.tolist() == [0, 1]
    assert read.labels.original.tolist() == [0, 1]
    assert read.labels.problematic.tolist() == [False, False]
    assert pairs_of(read.labels) == PAIRS
    assert read.warnings == ()


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param(
            {"original_label": [1, 0], "correct": [[1], [0]], "unclear": [[0], []], "wrong": [None, [1, 2]]}, id="lists"
        ),
        pytest.param(
            {"correct": [["n2"], ["n1"]], "unclear": [["n1"], []], "wrong": [[], ["n2", "n3"]]}, id="lists of keys"
        ),
        pytest.param({"correct": ["1", "0"], "unclear": ["0", None], "wrong": ["", "1;2"]}, id="text"),
    ],
)
def test_parquet(tmp_path: Path, split: Split, classes: ClassList, columns: dict[str, list[object]]) -> None:
    path = tmp_path / "l.parquet"
    pl.DataFrame({"id": ["b", "a"], **columns, "problematic": [False, False]}).write_parquet(path)
    read = read_labels(path, split=split, classes=classes)
    assert pairs_of(read.labels) == PAIRS
    assert read.labels.original.tolist() == [0, 1]


def test_columns_of_nothing(tmp_path: Path, split: Split, classes: ClassList) -> None:
    path = tmp_path / "l.parquet"
    frame = {"id": ["a"], "correct": [[0]], "unclear": [None], "wrong": [[]], "problematic": [1]}
    pl.DataFrame(frame).write_parquet(path)
    labels = read_labels(path, split=split, classes=classes).labels
    assert pairs_of(labels) == [(0, 0, 2)]
    assert labels.problematic.tolist() == [True]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            "a,0,0,,,0\nx,0,0,,,0\n", "row 3: expected an item of the split main .*; got 'x'", id="unknown item"
        ),
        pytest.param("a,0,0,,,0\nb,1,1,,,0\na,0,0,,,0\n", "row 4: expected each item once; got 'a' again", id="twice"),
        pytest.param(
            "a,0,0,,,0\nb,0,1,,,0\n", "row 3: expected the original label that the items file gives", id="label"
        ),
        pytest.param("a,4,0,,,0\n", r"row 2: expected a class id 0\.\.3 .*; got '4'", id="original C"),
        pytest.param("a,0,0,,,0\nb,1,1;4,,,0\n", "row 3: .* got '4'", id="C"),
        pytest.param("a,0,0,,,0\nb,1,1,-1,,0\n", "row 3: .* got '-1'", id="-1"),
        pytest.param("a,0,0,,,0\nb,1,1,,1.5,0\n", "row 3: .* got '1.5'", id="1.5"),
        pytest.param("a,0,true,,,0\n", "row 2: .* got 'true'", id="true"),
        pytest.param(f"a,0,{2**63},,,0\n", "row 2: .* got '9223372036854775808'", id="2^63"),
        pytest.param("a,0,0;,,,0\n", "row 2: .* got ''", id="separator at the end"),
        pytest.param('a,0,"0, 1",,,0\n', "row 2: .* got '0, 1'", id="other separator"),
        pytest.param("a,0,crane,,,0\n", "row 2: .* got 'crane', which is the name of class 0, 1", id="name"),
        pytest.param("a,0,0,,,0\nb,1,1,,,\n", "row 3: expected a value in the column problematic", id="no problematic"),
        pytest.param("a,0,0,,,0\nb,1,1,,,2\n", "row 3: expected problematic to be 0 or 1; got '2'", id="problematic 2"),
        pytest.param("a,0,0,,\n", "row 2: expected 6 cells in every row.*; got 5 cells", id="row cut off"),
        pytest.param("", "expected at least one row below the header", id="header only"),
    ],
)
def test_bad_rows_are_refused(write: Write, split: Split, classes: ClassList, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"l.csv.*{message}"):
        read_labels(write("l.csv", HEADER + rows), split=split, classes=classes)


@pytest.mark.parametrize("column", ["correct", "unclear", "wrong", "problematic"])
def test_a_missing_column_is_named(write: Write, split: Split, classes: ClassList, column: str) -> None:
    with pytest.raises(
        InputError,
        match=f"columns id .or file, .* unclear, wrong and problematic, .* Add the column {column}",
    ):
        read_labels(write("l.csv", HEADER.replace(column, "x") + "a,0,0,,,0\n"), split=split, classes=classes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"correct": [[0], [4]]}, r"row index 1: expected a class id 0\.\.3 .*; got 4", id="C"),
        pytest.param(
            {"correct": [[0], [1, None]]}, "row index 1: .* got an empty value in the column correct", id="null"
        ),
        pytest.param({"correct": [[0.0], [1.5]]}, "row index 0: .* got 0.0 .1 more like it", id="floats"),
        pytest.param(
            {"wrong": [0, 1]}, "row index 0: expected lists of class ids, .* column wrong; got Int64", id="no lists"
        ),
        pytest.param(
            {"problematic": [0.0, 1.0]}, "row index 0: expected problematic to be 0 or 1; got '0.0'", id="float"
        ),
        pytest.param(
            {"problematic": [True, None]}, "row index 1: expected a value in the column problematic", id="null truth"
        ),
    ],
)
def test_bad_parquet_names_the_row_index(
    tmp_path: Path, split: Split, classes: ClassList, change: dict[str, list[object]], message: str
) -> None:
    path = tmp_path / "l.parquet"
    good = {"id": ["a", "b"], "correct": [[0], [1]], "unclear": [[], []], "wrong": [[], []], "problematic": [0, 0]}
    pl.DataFrame({**good, **change}).write_parquet(path)
    with pytest.raises(InputError, match=f"l.parquet, {message}"):
        read_labels(path, split=split, classes=classes)


@settings(deadline=None, max_examples=60)
@given(data=st.binary(max_size=60))
def test_random_rows_give_labels_or_our_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_bytes(HEADER.encode() + data)
    split = Split("main", ("a",), np.array([0], np.int32), ("",))
    with suppress(InputError):
        read_labels(path, split=split, classes=ClassList(("n1",), ("x",), ("",), ("",)))


@pytest.mark.shared_data
def test_multilabel_v3(shared_data: Path, imagenet_classes: ClassList, imagenet_split: Split) -> None:
    path = shared_data / "imagenet" / "multilabel_v3.csv"
    read = read_labels(path, split=imagenet_split, classes=imagenet_classes)
    labels = read.labels
    assert (len(labels.items), int(labels.problematic.sum())) == (20_000, 1_308)
    # The rest of this test counts on its own, from the text of the file (data README, Traps).
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    lists = [{name: set(row[name].split(";")) - {""} for name in ("correct", "unclear", "wrong")} for row in rows]
    problematic = [row["problematic"] == "1" for row in rows]
    empty = [not sets["correct"] for sets in lists]
    assert (sum(empty), sum(e and p for e, p in zip(empty, problematic, strict=True))) == (451, 451)
    overlaps: Counter[tuple[str, str]] = Counter()
    for one, other in (("correct", "wrong"), ("correct", "unclear"), ("unclear", "wrong")):
        overlaps[one, other] = sum(
            bool(sets[one] & sets[other]) for sets, bad in zip(lists, problematic, strict=True) if not bad
        )
    assert list(overlaps.values()) == [209, 3, 1]
    several = sum(
        len((s["correct"] & s["unclear"]) | (s["correct"] & s["wrong"]) | (s["unclear"] & s["wrong"])) for s in lists
    )
    assert read.warnings == (
        f"{several} (item, class) pairs stand in several lists: correct counts before unclear before wrong.",
        "Classes repeated within one list: 1; each counts once.",  # 622 of ..._00000955
    )
    assert len(labels.pair_items) == sum(len(s["correct"] | s["unclear"] | s["wrong"]) for s in lists)
    # Settled: correct keeps all, unclear what is not correct, wrong the rest.
    n_unclear = sum(len(s["unclear"] - s["correct"]) for s in lists)
    n_wrong = sum(len(s["wrong"] - s["correct"] - s["unclear"]) for s in lists)
    assert np.bincount(labels.pair_codes).tolist() == [n_wrong, n_unclear, sum(len(s["correct"]) for s in lists)]
    # Of every graded image the original label is correct, but for one where it is unclear.
    item = imagenet_split.positions["ILSVRC2012_val_00022133.JPEG"]
    verdict = labels.verdict(item, int(imagenet_split.labels[item]))
    assert verdict is not None
    assert verdict.value == "unclear"


GUARDED = "guarded_id,correct,unclear,wrong,problematic\n"


def test_guarded_ids_lose_one_apostrophe(write: Write, classes: ClassList) -> None:
    split = Split("main", ("=a", "'b", "'=a"), np.array([0, 1, 2], np.int32), ("", "", ""))
    path = write("l.csv", GUARDED + "'=a,,,,0\n''b,,,,0\n")
    assert read_labels(path, split=split, classes=classes).labels.items.tolist() == [0, 1]
    with pytest.raises(InputError, match=r"row 2: expected an item of the split main .*; got 'a'"):
        read_labels(write("x.csv", GUARDED + "'a,,,,0\n"), split=split, classes=classes)


def test_ids_are_named_once(write: Write, split: Split, classes: ClassList) -> None:
    path = write("l.csv", f"id,{GUARDED}a,a,,,,0\n")
    with pytest.raises(InputError, match=r"one column of .*guarded_id; got id and guarded_id"):
        read_labels(path, split=split, classes=classes)


def test_a_table_without_any_verdict(write: Write, split: Split, classes: ClassList) -> None:
    labels = read_labels(write("l.csv", HEADER + "a,0,,,,0\n"), split=split, classes=classes).labels
    assert labels.pair_classes.dtype == np.dtype(np.int32)
    assert len(labels.pair_classes) == 0
