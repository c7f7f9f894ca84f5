"""Ranked classes one below the other."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
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


def test_scores_rank_and_ties_go_to_the_lowest_class(write: Write, read_one: ReadOne) -> None:
    text = "id,class,score\nc,3,-1\na,1,2.5\nb,n3,7\na,0,9\nb,1,7\na,2,3\n"
    predictions = read_one(write("p.csv", text))
    assert predictions.classes.tolist() == [[0, 2, 1], [1, 2, -1], [3, -1, -1]]
    assert predictions.scores is not None
    nan = np.nan
    np.testing.assert_array_equal(predictions.scores, [[9, 3, 2.5], [7, 7, nan], [-1, nan, nan]])
    assert (predictions.score_kind, predictions.n_ties) == ("score", 1)


def test_without_scores_rows_rank_by_their_order(write: Write, read_one: ReadOne) -> None:
    predictions = read_one(write("p.csv", "file,class\nb,3\na,2\nb,0\nc,1\na,1\n"))
    assert predictions.classes.tolist() == [[2, 1], [3, 0], [1, -1]]
    assert (predictions.scores, predictions.score_kind, predictions.n_ties) == (None, "none", 0)


def test_probabilities_are_named_so(write: Write, read_one: ReadOne) -> None:
    predictions = read_one(write("p.csv", "file_name,class,probability\nb,3,0.5\na,2,1\nc,1,1.000001\n"))
    assert predictions.score_kind == "probability"
    assert predictions.scores is not None
    assert predictions.scores[:, 0].tolist() == [1.0, 0.5, 1.0]


def test_ten_ranks_are_kept_and_all_are_checked(tmp_path: Path) -> None:
    names = tuple(f"n{n}" for n in range(12))
    classes = ClassList(names, names, names, names)
    split = Split("main", ("a",), np.array([0], np.int32), ("",))
    path = tmp_path / "p.csv"
    path.write_text("id,class,score\n" + "".join(f"a,{n},{n}\n" for n in range(12)))
    [predictions] = read_predictions(path, split=split, classes=classes, model="m")
    assert predictions.classes.tolist() == [[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]]
    path.write_text(path.read_text() + "a,0,-5\n")
    with pytest.raises(InputError, match="row 14: expected each class of an item once"):
        read_predictions(path, split=split, classes=classes, model="m")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        pytest.param(
            "a,0,1\na,1,2\na,n1,3\n", "row 4: expected each class of an item once; got 'a' again", id="class twice"
        ),
        pytest.param("a,0,1\nx,1,2\n", "row 3: expected an item of the split main .*; got 'x'", id="unknown item"),
        pytest.param("a,0,1\nb,4,2\n", r"row 3: expected a class id 0\.\.3 or a class key; got '4'", id="C"),
        pytest.param("a,0,1\nb,-1,2\n", "row 3: .* got '-1'", id="-1"),
        pytest.param("a,0,1\nb,1.5,2\n", "row 3: .* got '1.5'", id="1.5"),
        pytest.param("a,0,1\nb,true,2\n", "row 3: .* got 'true'", id="true"),
        pytest.param(f"a,0,1\nb,{2**63},2\n", "row 3: .* got '9223372036854775808'", id="2^63"),
        pytest.param("a,0,1\nb,beagle,2\n", "row 3: .* got 'beagle', which is the name of class 2", id="name"),
        pytest.param("a,0,1\nb,,2\n", "row 3: expected a value in the column class", id="empty class"),
        pytest.param("a,0,1\n,1,2\n", "row 3: expected a value in the column id", id="empty id"),
        pytest.param("a,0,1\nb,1,\n", "row 3: expected a value in the column score", id="empty score"),
        pytest.param("a,0,1\nb,1,nan\n", "row 3: expected a finite number in the column score; got 'nan'", id="NaN"),
        pytest.param(
            "a,0,1\nb,1,inf\n", "row 3: expected a finite number in the column score; got 'inf'", id="infinity"
        ),
        pytest.param("a,0,1\nb,1,1e39\n", "row 3: expected a finite number .*; got '1e39'", id="beyond float32"),
        pytest.param("a,0,1\nb,1,high\n", "row 3: expected a finite number in the column score; got 'high'", id="word"),
        pytest.param("", "expected at least one row below the header", id="header only"),
    ],
)
def test_bad_rows_are_refused(write: Write, read: Read, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=f"p.csv.*{message}"):
        read(write("p.csv", f"id,class,score\n{rows}"), allow_missing=True)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        pytest.param(
            '{"id": "b", "class": "1"}', r"row 2: expected a class id 0\.\.3 or a class key; got '1'", id='"1"'
        ),
        pytest.param('{"id": "b", "class": true}', "row 2: .* got True", id="true"),
        pytest.param('{"id": "b", "class": 1.5}', "row 2: .* got 1.5", id="1.5"),
        pytest.param('{"id": "b", "class": -1}', "row 2: .* got -1", id="-1"),
        pytest.param(f'{{"id": "b", "class": {2**63}}}', "row 2: .* got 9223372036854775808", id="2^63"),
        pytest.param('{"id": "b", "class": [1]}', r"row 2: .* got \[1\]", id="list"),
        pytest.param('{"id": "b"}', "row 2: expected a value in the column class", id="no class"),
        pytest.param('{"id": true, "class": 1}', "row 1: expected item ids .text. in the column id", id="id true"),
        pytest.param('{"id": "b", "class": 1, "class": 2}', "row 2: .* got the key 'class' twice", id="key twice"),
        pytest.param('{"id": "b", "class": 1, "score": NaN}', "row 2: .* got NaN", id="NaN"),
        pytest.param(
            '{"id": "b", "class": 1, "score": 1e999}', "row 2: expected a finite number .*; got inf", id="1e999"
        ),
        pytest.param('{"id": "b", "class": 1, "score": "2"}', "row 2: expected a finite number .*; got '2'", id="text"),
    ],
)
def test_bad_json_lines_are_refused(write: Write, read: Read, line: str, message: str) -> None:
    first = '{"id": "a", "class": 0, "score": 1.5}\n' if "score" in line else '{"id": "a", "class": 0}\n'
    with pytest.raises(InputError, match=f"p.jsonl, {message}"):
        read(write("p.jsonl", first + line), allow_missing=True)


def test_two_score_columns_are_refused(write: Write, read: Read) -> None:
    with pytest.raises(InputError, match="expected one column of score, probability; got score and probability"):
        read(write("p.csv", "id,class,score,probability\na,0,1,1\n"))


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_order_of_rows_ranks_as_a_sort_in_python(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    names = tuple(f"n{n}" for n in range(14))
    items = ("a", "b", "c")
    scores = {
        item: data.draw(st.dictionaries(st.integers(0, 13), st.sampled_from([0.5, 1.0, 2.25]), min_size=1), label=item)
        for item in items
    }
    rows = data.draw(st.permutations([(i, c, s) for i in items for c, s in scores[i].items()]), label="rows")
    out = io.StringIO()
    csv.writer(out).writerows([("id", "class", "score"), *rows])
    path = tmp_path_factory.getbasetemp() / "long.csv"
    path.write_text(out.getvalue())
    split = Split("main", items, np.full(3, -1, np.int32), ("",) * 3)
    [found] = read_predictions(path, split=split, classes=ClassList(names, names, names, names), model="m")
    orders = [sorted((-score, c) for c, score in scores[item].items())[:10] for item in items]
    assert [[c for c in row if c >= 0] for row in found.classes.tolist()] == [[c for _, c in row] for row in orders]
    assert found.n_ties == sum(list(s.values()).count(max(s.values())) > 1 for s in scores.values())
