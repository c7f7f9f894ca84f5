"""What timm's inference.py writes, made as it makes it: pandas with arrays in cells."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from regrade.errors import InputError
from tests.formats.conftest import Write
from tests.formats.predictions.conftest import ReadOne

INDEX = np.array([[1, 0], [0, 3], [2, 1]])
LABEL = np.array([["n2", "n1"], ["n1", "n4"], ["n3", "n2"]], dtype=object)
PROB = np.array([[0.75, 0.125], [0.5, 0.25], [0.625, 0.375]], dtype=np.float32)
NAMES = ["b", "a", "c"]


def stacked(**fields: Any) -> pd.DataFrame:
    """One cell for all ranks of an item: the script's default."""
    columns = {
        name: list(np.squeeze(values, -1) if values.shape[-1] == 1 else values) for name, values in fields.items()
    }
    return pd.DataFrame({"filename": NAMES, **columns})


def separate(**fields: Any) -> pd.DataFrame:
    """A column for each rank: --results-separate-col."""
    columns = {f"{name}_{at}": values[:, at] for name, values in fields.items() for at in range(values.shape[1])}
    return pd.DataFrame({"filename": NAMES, **columns})


def as_csv(frame: pd.DataFrame, path: Path) -> Path:
    with np.printoptions(threshold=sys.maxsize):
        frame.to_csv(path / "r.csv", index=False)
    return path / "r.csv"


def as_json(frame: pd.DataFrame, path: Path) -> Path:
    frame.set_index("filename").to_json(path / "r.json", indent=4, orient="index")
    return path / "r.json"


def as_json_split(frame: pd.DataFrame, path: Path) -> Path:
    frame.to_json(path / "r.json", indent=4, orient="split", index=False)
    return path / "r.json"


def as_parquet(frame: pd.DataFrame, path: Path) -> Path:
    """Written by polars, so that the test needs no pyarrow; the columns are those of pandas."""
    columns = {name: np.stack(list(frame[name])).tolist() for name in [*frame.columns[1:], "filename"]}
    pl.DataFrame(columns).write_parquet(path / "r.parquet")
    return path / "r.parquet"


Writer = Callable[[pd.DataFrame, Path], Path]
WRITERS = pytest.mark.parametrize("write_as", [as_csv, as_json, as_json_split, as_parquet])


@WRITERS
@pytest.mark.parametrize("make", [stacked, separate])
def test_every_container_gives_the_same(
    write_as: Writer, make: Callable[..., pd.DataFrame], tmp_path: Path, read_one: ReadOne
) -> None:
    predictions = read_one(write_as(make(index=INDEX, label=LABEL, prob=PROB), tmp_path))
    assert predictions.classes.tolist() == [[0, 3], [1, 0], [2, 1]]  # the items are a, b, c
    assert predictions.scores is not None
    np.testing.assert_array_equal(predictions.scores, PROB[[1, 0, 2]])
    assert (predictions.score_kind, predictions.n_ties) == ("probability", 0)


@WRITERS
def test_one_rank_is_a_plain_cell(write_as: Writer, tmp_path: Path, read_one: ReadOne) -> None:
    predictions = read_one(write_as(stacked(index=INDEX[:, :1], label=LABEL[:, :1], prob=PROB[:, :1]), tmp_path))
    assert predictions.classes.tolist() == [[0], [1], [2]]


def test_lists_of_fixed_length_are_lists(tmp_path: Path, read_one: ReadOne) -> None:
    frame = pl.DataFrame({"filename": NAMES, "index": INDEX}, schema_overrides={"index": pl.Array(pl.Int64, 2)})
    frame.write_parquet(tmp_path / "r.parquet")
    assert read_one(tmp_path / "r.parquet").classes.tolist() == [[0, 3], [1, 0], [2, 1]]


@WRITERS
def test_logits_of_the_ranks_are_scores(write_as: Writer, tmp_path: Path, read_one: ReadOne) -> None:
    predictions = read_one(write_as(stacked(index=INDEX, logit=PROB * 16 - 4), tmp_path))
    assert predictions.scores is not None
    assert predictions.scores.tolist() == [[4.0, 0.0], [8.0, -2.0], [6.0, 2.0]]
    assert predictions.score_kind == "score"


@WRITERS
@pytest.mark.parametrize("make", [stacked, separate])
def test_outputs_of_all_classes_are_ranked(
    write_as: Writer, make: Callable[..., pd.DataFrame], tmp_path: Path, read_one: ReadOne
) -> None:
    # softmax of (ln 6, ln 3, 0, 0) is (6, 3, 1, 1) / 11
    rows = np.log(np.array([[3, 6, 1, 1], [6, 3, 1, 1], [1, 1, 6, 3]]))
    predictions = read_one(write_as(make(logit=rows), tmp_path))
    assert predictions.classes.tolist() == [[0, 1, 2, 3], [1, 0, 2, 3], [2, 3, 0, 1]]
    assert predictions.scores is not None
    np.testing.assert_allclose(predictions.scores, [[6 / 11, 3 / 11, 1 / 11, 1 / 11]] * 3, rtol=1e-6)
    assert predictions.score_kind == "probability"


def test_rounded_probabilities_of_all_classes_stay_as_they_are(write: Write, read_one: ReadOne) -> None:
    # They sum to 1.01, and are not softened for that.
    rows = "".join(f"{name},0.5,0.3,0.2,0.01\n" for name in NAMES)
    predictions = read_one(write("r.csv", f"filename,prob_0,prob_1,prob_2,prob_3\n{rows}"))
    assert predictions.scores is not None
    np.testing.assert_array_equal(predictions.scores, np.array([[0.5, 0.3, 0.2, 0.01]] * 3, np.float32))


def test_labels_stand_for_the_index_where_there_is_none(tmp_path: Path, read_one: ReadOne) -> None:
    by_key = read_one(as_csv(stacked(label=LABEL, prob=PROB), tmp_path))
    assert by_key.classes.tolist() == [[0, 3], [1, 0], [2, 1]]
    names = np.array([["beagle"], ["tench"], ["beagle"]], dtype=object)
    assert read_one(as_csv(stacked(label=names), tmp_path)).classes.tolist() == [[3], [2], [2]]


def test_a_label_that_names_two_classes_is_refused(tmp_path: Path, read_one: ReadOne) -> None:
    names = np.array([["beagle"], ["crane"], ["beagle"]], dtype=object)
    with pytest.raises(InputError, match=r"row 3: .*'crane', which is the name of class 0, 1"):
        read_one(as_csv(stacked(label=names), tmp_path))


def test_a_description_beside_the_index_is_not_looked_up(tmp_path: Path, read_one: ReadOne) -> None:
    label = np.array([["crane", "jack-o'-lantern"], ["a, b", 'the "one"'], ["[x]", "y"]], dtype=object)
    for write_as in (as_csv, as_json):
        predictions = read_one(write_as(stacked(index=INDEX, label=label, prob=PROB), tmp_path))
        assert predictions.classes.tolist() == [[0, 3], [1, 0], [2, 1]]


def test_another_order_of_the_classes_shows(tmp_path: Path, read_one: ReadOne) -> None:
    label = LABEL.copy()
    label[2] = ["n3", "n4"]
    with pytest.raises(InputError, match=r"row 4: expected one class in index and label_1; got 1 \(n2\) and 3 \(n4\)"):
        read_one(as_csv(stacked(index=INDEX, label=label), tmp_path))


def test_long_arrays_break_over_lines(tmp_path: Path, write: Write) -> None:
    from regrade.formats import read_predictions  # noqa: PLC0415 - only here
    from regrade.records.classes import ClassList  # noqa: PLC0415 - takes long to import
    from regrade.records.items import Split  # noqa: PLC0415 - takes long to import

    names = tuple(f"class {at}" for at in range(40))
    classes = ClassList(tuple(f"k{at}" for at in range(40)), names, names, names)
    split = Split("main", ("x", "y"), np.full(2, -1, np.int32), ("", ""))
    order = np.stack([np.roll(np.arange(40), 7), np.arange(40)])
    prob = np.tile(np.linspace(0.05, 0.001, 40).astype(np.float32), (2, 1))
    label = np.array([[names[at] for at in row] for row in order], dtype=object)
    frame = pd.DataFrame({"filename": ["x", "y"], "index": list(order), "label": list(label), "prob": list(prob)})
    path = as_csv(frame, tmp_path)
    assert path.read_text().count("\n") > 10
    (predictions,) = read_predictions(path, split=split, classes=classes, model="m")
    assert predictions.classes.tolist() == order[:, :10].tolist()
    assert predictions.scores is not None
    np.testing.assert_allclose(predictions.scores, prob[:, :10], rtol=1e-6)


def test_an_array_that_was_cut_short_is_refused(write: Write, read_one: ReadOne) -> None:
    text = 'filename,logit\na,"[-0.1 0.2 ... 0.5\n 0.3]"\nb,[1 2 3 4]\nc,[1 2 3 4]\n'
    with pytest.raises(InputError, match=r"row 2: expected all values of logit; got an array .* cut short"):
        read_one(write("r.csv", text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("filename,index\na,[0 1]\nb,[1]\nc,[2 1]\n", r"row 3: expected 2 values .*; got 1", id="ranks"),
        pytest.param("filename,index\na,[0 x]\nb,[1 0]\nc,[2 1]\n", r"row 2: expected a class id", id="no number"),
        pytest.param("filename,index\na,[0 0]\nb,[1 0]\nc,[2 1]\n", r"row 2: .*class 0 twice", id="class twice"),
        pytest.param("filename,index\na,0\na,1\nc,2\n", r"row 3: expected each item once", id="item twice"),
        pytest.param("filename,index\na,0\nb,\nc,2\n", r"row 3: expected a value in the column index", id="empty"),
        pytest.param("filename,index,prob\na,0,2\nb,1,0.5\nc,2,1\n", r"row 2: expected a probability", id="above 1"),
        pytest.param("filename,index,logit\na,0,nan\nb,1,0.5\nc,2,1\n", r"row 2: expected a finite", id="nan"),
        pytest.param(
            "filename,index,prob\na,[0 1],[.1 .2]\nb,[0 1],[.2 .1]\nc,[0 1],[.2 .1]\n",
            r"row 2: .*do not rise",
            id="rises",
        ),
        pytest.param("filename,index,prob,logit\na,0,1,1\nb,1,1,1\nc,2,1,1\n", r"prob or logit; got both", id="both"),
        pytest.param(
            "filename,index_0,index_1,prob_0\na,0,1,1\nb,1,0,1\nc,2,1,1\n",
            r"2 outputs beside 2 classes; got 1",
            id="fewer",
        ),
        pytest.param("filename,index_0,index_2\na,0,1\nb,1,0\nc,2,1\n", r"columns index_0, index_1; got", id="gap"),
        pytest.param("filename,prob\na,1\nb,1\nc,1\n", r"outputs of all 4 classes; got 1 outputs .*", id="no class"),
        pytest.param("filename,label\na,[]\nb,[]\nc,[]\n", r"row 2: expected texts in quotes", id="no texts"),
    ],
)
def test_what_does_not_fit_is_refused(write: Write, read_one: ReadOne, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_one(write("r.csv", text), format="timm")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        pytest.param({"a": {"index": 0}, "b": [1]}, "expected the JSON of timm's", id="an entry is no object"),
        pytest.param(
            {"columns": ["filename", "index"], "data": [["a"]]}, "expected the JSON of timm's", id="short row"
        ),
        pytest.param(
            {"a": {"index": 0}, "b": {"index": "n1"}, "c": {"index": 1}}, "values of one type for index", id="mixed"
        ),
        pytest.param({"a": {"index": 0}, "b": {}, "c": {"index": 1}}, r"item 'b': .* an empty cell", id="missing"),
        pytest.param(
            {"a": {"index": [0]}, "b": {"index": [4]}, "c": {"index": [1]}},
            r"item 'b': expected a class id",
            id="range",
        ),
        pytest.param(
            {"a": {"index": []}, "b": {"index": []}, "c": {"index": []}},
            r"one or more values of index",
            id="empty lists",
        ),
        pytest.param([1], "expected the JSON of timm's", id="a list"),
    ],
)
def test_json_that_does_not_fit_is_refused(write: Write, read_one: ReadOne, document: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_one(write("r.json", json.dumps(document)), format="timm")


def test_json_of_another_layout_is_not_taken_for_it(write: Write, read_one: ReadOne) -> None:
    for document in ({}, {"a": 1}, {"a": {"x": 1}}, {"columns": ["filename"], "data": []}, [{"index": 1}]):
        with pytest.raises(InputError, match="fits none of them"):
            read_one(write("r.json", json.dumps(document)))
