"""Scores of all classes in a table with one column a class."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from regrade.errors import InputError

if TYPE_CHECKING:
    from tests.formats.conftest import Write
    from tests.formats.predictions.conftest import Read, ReadOne

# n2 stands before n1; the third column is the unique name of n3, the last the class id of n4
TABLE = "filename,n2,n1,beagle,3\nc,0.1,0.2,0.3,0.4\na,0.25,0.5,0.125,0.125\nb,0.7,0.1,0.1,0.1\n"
CLASSES = [[0, 1, 2, 3], [1, 0, 2, 3], [3, 2, 0, 1]]
PROBABILITIES = [[0.5, 0.25, 0.125, 0.125], [0.7, 0.1, 0.1, 0.1], [0.4, 0.3, 0.2, 0.1]]


@pytest.mark.parametrize("format_", [None, "class-columns"])
def test_columns_are_matched_by_name_and_rows_by_id(write: Write, read_one: ReadOne, format_: str | None) -> None:
    predictions = read_one(write("p.csv", TABLE), format=format_)
    assert predictions.classes.tolist() == CLASSES
    assert predictions.score_kind == "probability"
    assert predictions.scores is not None
    np.testing.assert_allclose(predictions.scores, PROBABILITIES, rtol=1e-6)


def test_it_is_read_as_the_same_array_is(write: Write, tmp_path: Path, read_one: ReadOne) -> None:
    logits = np.array([[3.0, 1, 0, 2], [0, 4, 1, 1], [-1, 0, 0, 5]], np.float32)
    np.save(tmp_path / "p.npy", logits)
    rows = [f"{name},{','.join(map(str, row))}" for name, row in zip("abc", logits.tolist(), strict=True)]
    table = read_one(write("p.csv", "id,n1,n2,n3,n4\n" + "\n".join(rows) + "\n"))
    array = read_one(tmp_path / "p.npy")
    assert table.classes.tolist() == array.classes.tolist()
    assert (table.score_kind, table.n_ties) == (array.score_kind, array.n_ties)
    np.testing.assert_array_equal(table.scores, array.scores)


def test_it_comes_in_every_container(write: Write, tmp_path: Path, read_one: ReadOne) -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "n1": [1, 0, 0], "n2": [0, 1, 0], "n3": [0, 0, 1], "n4": [0, 0, 0]})
    frame.write_parquet(tmp_path / "p.parquet")
    lines = "".join(json.dumps(row) + "\n" for row in frame.iter_rows(named=True))
    for path in (tmp_path / "p.parquet", write("p.jsonl", lines)):
        assert read_one(path).classes[:, 0].tolist() == [0, 1, 2]


def test_other_columns_are_ignored(write: Write, read_one: ReadOne) -> None:
    text = "id,seconds,n1,n2,n3,n4\na,9,1,0,0,0\nb,9,1,0,0,0\nc,9,0,0,0,1\n"
    assert read_one(write("p.csv", text)).classes[:, 0].tolist() == [0, 0, 3]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        pytest.param("id,n1,n2,n3\na,1,0,0\n", r"each of the 4 classes, .*; got none for 1 of them: n4", id="missing"),
        pytest.param("id,n1,n2,crane,n4\na,1,0,0,0\n", "got none for 1 of them: n3", id="name of two classes"),
        pytest.param("id,n1,0,n2,n3,n4\na,1,0,0,0,0\n", r"one column for the class 0 .n1.; got n1, 0", id="twice"),
        pytest.param("id,n1,n2,n3,n4\na,1,0,0,\n", "a value in the column n4; got an empty cell", id="empty"),
        pytest.param("id,n1,n2,n3,n4\na,1,0,0,x\n", "a finite number in the column n4; got 'x'", id="text"),
        pytest.param("id,n1,n2,n3,n4\na,1,0,0,inf\n", "a finite number in the column n4; got 'inf'", id="infinity"),
        pytest.param("id,n1,n2,n3,n4\na,1,1,1,1\n", "scores that tell the classes apart; got 1", id="equal"),
        pytest.param("id,n1,n2,n3,n4\nz,1,0,0,0\n", "an item of the split main", id="unknown item"),
        pytest.param("id,n1,n2,n3,n4\na,1,0,0,0\na,1,0,0,0\n", "each item once", id="item twice"),
        pytest.param("id,n1,n2,n3,n4\na,1,0,0,0\n", "none for 2 of them: b, c", id="missing items"),
        pytest.param("key,n1,n2,n3,n4\na,1,0,0,0\n", r"a column with the items' ids: id .or file, ", id="no ids"),
        pytest.param("id,n1,n2,n3,n4\n", "at least one row below the header", id="no rows"),
    ],
)
def test_what_is_refused(write: Write, read: Read, text: str, match: str) -> None:
    with pytest.raises(InputError, match=match):
        read(write("p.csv", text))


def test_with_few_columns_of_classes_it_is_another_table(write: Write, read: Read) -> None:
    # two of four classes are not most of them
    with pytest.raises(InputError, match=r"fits none of them .*a column of scores for each class.* .class-columns."):
        read(write("p.csv", "id,n1,n2\na,1,0\n"))
    with pytest.raises(InputError, match="got none for 2 of them: n3, n4"):
        read(write("p.csv", "id,n1,n2\na,1,0\n"), format="class-columns")
