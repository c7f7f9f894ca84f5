"""Choosing the format of a prediction file, and what all formats share."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regrade.errors import InputError
from regrade.formats import read_predictions
from regrade.records.classes import ClassList
from regrade.records.items import Split

if TYPE_CHECKING:
    from tests.formats.conftest import Write
    from tests.formats.predictions.conftest import Read, ReadOne


def test_the_record_is_filled(write: Write, read_one: ReadOne) -> None:
    predictions = read_one(write("p.csv", "id,predicted_class\na,0\nb,1\nc,2\n"))
    assert (predictions.model, predictions.split, predictions.kind) == ("m", "main", "model")
    assert (predictions.n_classes, predictions.score_kind, predictions.only_mistakes) == (4, "none", False)
    assert (predictions.n_ties, predictions.n_missing, predictions.scores) == (0, 0, None)
    assert predictions.classes.dtype == np.int16


def test_many_classes_take_wider_integers(tmp_path: Path) -> None:
    names = tuple(f"n{class_id}" for class_id in range(2**15))
    classes = ClassList(names, names, names, names)
    np.save(tmp_path / "p.npy", np.array([2**15 - 1]))
    split = Split("main", ("a",), np.array([0], np.int32), ("",))
    [predictions] = read_predictions(tmp_path / "p.npy", split=split, classes=classes, model="m")
    assert predictions.classes.dtype == np.int32
    assert predictions.classes.tolist() == [[2**15 - 1]]


@pytest.mark.parametrize("suffix", ["csv", "csv.gz", "jsonl", "jsonl.gz", "parquet"])
@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"class": [2, 0, 1]}, id="long"),
        pytest.param({"predicted_class": [2, 0, 1]}, id="top1"),
        pytest.param({"pred1": [2, 0, 1]}, id="wide"),
    ],
)
def test_every_table_format_comes_in_every_container(
    write: Write, tmp_path: Path, read_one: ReadOne, suffix: str, columns: dict[str, list[int]]
) -> None:
    frame = pl.DataFrame({"file": ["c", "a", "b"], **columns})
    path = tmp_path / f"p.{suffix}"
    if suffix == "parquet":
        frame.write_parquet(path)
    elif suffix.startswith("csv"):
        path = write(path.name, frame.write_csv())
    else:
        path = write(path.name, "".join(json.dumps(row) + "\n" for row in frame.iter_rows(named=True)))
    assert read_one(path).classes.tolist() == [[0], [1], [2]]


@pytest.mark.parametrize("name", ["id", "file", "file_name", "filename", "image", "path"])
@pytest.mark.parametrize("column", ["class", "predicted_class", "pred1"])
def test_ids_stand_under_any_usual_name(write: Write, read_one: ReadOne, name: str, column: str) -> None:
    assert read_one(write("p.csv", f"{name},{column}\nc,2\na,0\nb,1\n")).classes.tolist() == [[0], [1], [2]]


def test_of_several_columns_of_ids_the_usual_one_counts(write: Write, read: Read, read_one: ReadOne) -> None:
    predictions = read_one(write("p.csv", "path,id,predicted_class\nx/1.png,c,2\nx/2.png,a,0\nx/3.png,b,1\n"))
    assert predictions.classes.tolist() == [[0], [1], [2]]
    with pytest.raises(InputError, match="one column of filename, image, path; got filename and path"):
        read(write("p.csv", "path,filename,predicted_class\nx/1.png,c,2\n"))
    with pytest.raises(InputError, match=r"items' ids: id .or file, file_name, .*; got the columns name, predicted_cl"):
        read(write("p.csv", "name,predicted_class\nc,2\n"))


def test_missing_items_are_listed(write: Write, read: Read) -> None:
    file = write("p.csv", "id,predicted_class\nb,1\n")
    with pytest.raises(
        InputError,
        match=r"for each of the 3 items of the split main; got none for 2 of them: a, c\. .*--allow-missing",
    ):
        read(file)


def test_missing_items_are_counted_where_they_are_allowed(write: Write, read_one: ReadOne) -> None:
    file = write("p.csv", "id,predicted_class\nb,1\na,\n")
    for options in ({"allow_missing": True}, {"kind": "human"}):
        predictions = read_one(file, **options)
        assert predictions.classes.tolist() == [[-1], [1], [-1]]
        assert predictions.n_missing == 2
    assert predictions.kind == "human"


def test_no_prediction_at_all_is_refused(write: Write, read: Read) -> None:
    with pytest.raises(InputError, match="expected at least one prediction; got none"):
        read(write("p.csv", "id,predicted_class\nb,\n"), allow_missing=True)


def test_a_table_that_fits_two_formats_asks_which(write: Write, read: Read, read_one: ReadOne) -> None:
    file = write("p.csv", "id,class,pred1\na,0,1\nb,0,1\nc,0,1\n")
    with pytest.raises(
        InputError, match=r"fits several of them .csv with the columns id, class, pred1.. .*: long, wide"
    ):
        read(file)
    assert read_one(file, format="wide").classes.tolist() == [[1], [1], [1]]
    assert read_one(file, format="long").classes.tolist() == [[0], [0], [0]]


def test_content_of_no_format_lists_them(write: Write, tmp_path: Path, read: Read) -> None:
    words = (
        r"fits none of them .csv with the columns id, label.. Beside the items' ids, id .or file, .*, it needs .*; or"
        r" predicted_class, and if there predicted_probability .top1.; .* Name one with --format: "
    )
    with pytest.raises(InputError, match=words):
        read(write("p.csv", "id,label\na,0\n"))
    for dtype in (np.bool_, np.complex64):
        np.save(tmp_path / "p.npy", np.zeros((3, 4), dtype))
        with pytest.raises(InputError, match=r"fits none of them .an array of (bool|complex64) \(3, 4\)."):
            read(tmp_path / "p.npy")


def test_an_unknown_format_lists_the_known(write: Write, read: Read) -> None:
    with pytest.raises(
        InputError,
        match=r"of predictions; got odd\. There are: class-columns, imagenet-mistakes, logits, long, ",
    ):
        read(write("p.csv", "id\n"), format="odd")


def test_columns_are_for_one_format_only(write: Write, read: Read) -> None:
    columns = write("columns.csv", "column,model\n0,x\n")
    with pytest.raises(InputError, match="expected the format model-columns with --columns; got the format long"):
        read(write("p.csv", "id,class\n"), format="long", columns=columns)
    with pytest.raises(InputError, match=r"p.csv: expected an \.npy or \.npz array; got csv content"):
        read(write("p.csv", "id,class\na,0\n"), columns=columns)


HEADERS = [
    "id,class",
    "id,class,score",
    "file,pred1,pred2,prob1,prob2",
    "file_name,predicted_class,predicted_probability",
]


@settings(deadline=None, max_examples=60)
@given(header=st.sampled_from(HEADERS), data=st.text(st.sampled_from('abc012,".e-\n '), max_size=60))
def test_random_rows_give_predictions_or_our_error(
    tmp_path_factory: pytest.TempPathFactory, header: str, data: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "random.csv"
    path.write_text(f"{header}\n{data}")
    split = Split("main", ("a", "b"), np.array([0, 1], np.int32), ("", ""))
    classes = ClassList(("a", "b", "c"), ("x", "y", "z"), ("",) * 3, ("",) * 3)
    with suppress(InputError):
        [predictions] = read_predictions(path, split=split, classes=classes, model="m", allow_missing=True)
        assert predictions.classes.min() >= -1
        assert predictions.classes.max() < 3
