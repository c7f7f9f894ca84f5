"""Two splits compared: a split like the first one, on which models do worse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.workflow.grade import grade_models
from regrade.workflow.labels import import_labels
from regrade.workflow.predictions import import_predictions
from regrade.workflow.shift import compare_splits, save_shift_chart
from regrade.workflow.workspace import Workspace, add_split
from tests.workflow.conftest import N_ITEMS, TOP1

IDS = [f"new_{item}" for item in range(N_ITEMS)]


@pytest.fixture
def two(ws: Workspace) -> Workspace:
    """A second split whose labels are what alpha predicts on the first; alpha is right on the first six of them."""
    add_split(ws, "second", items=pl.DataFrame({"id": IDS, "class_id": TOP1["alpha"]}))
    wrong = [(top + (item >= 6)) % 4 for item, top in enumerate(TOP1["alpha"])]
    import_predictions(ws, [("alpha", pl.DataFrame({"id": IDS, "predicted_class": wrong}))], split="second")
    return ws


def test_models_on_both_splits_are_compared_by_their_grades(two: Workspace) -> None:
    shift = compare_splits(two, "main", "second", policy="single")
    (before,) = grade_models(two, models=["alpha"], policy="single")
    (row,) = shift.models
    assert (row.model, row.from_accuracy, row.to_accuracy) == ("alpha", before.item_accuracy, 6 / N_ITEMS)
    assert (shift.from_labels, shift.to_labels) == (before.labels, "original-second@1")
    assert (shift.only_from, shift.only_to) == (("beta",), ())
    assert shift.notes == ("The line is undefined: it needs 3 models of different accuracy.",)


def test_labels_of_another_kind_are_said(two: Workspace) -> None:
    said = "do not accept alike: one side was reviewed"
    assert not any(said in note for note in compare_splits(two, "main", "second").notes)
    reviewed = {"id": ["img_0.png"], "correct": [[0, 1]], "unclear": [[]], "wrong": [[3]], "problematic": [False]}
    import_labels(two, "key", pl.DataFrame(reviewed))
    shift = compare_splits(two, "main", "second")
    assert (shift.from_labels, shift.notes[0][:30]) == ("key@1", "key@1 and original-second@1 do")
    assert said in compare_splits(two, "second", "main").notes[0]
    assert not any(said in note for note in compare_splits(two, "main", "second", policy="single").notes)
    plain = compare_splits(two, "main", "second", from_labels="original", to_labels="original-second")
    assert not any(said in note for note in plain.notes)


def test_models_can_be_named_and_left_out(two: Workspace) -> None:
    beta = pl.DataFrame({"id": IDS, "predicted_class": TOP1["beta"]})
    import_predictions(two, [("beta", beta)], split="second")
    assert [row.model for row in compare_splits(two, "main", "second", models=["beta"]).models] == ["beta"]
    assert [row.model for row in compare_splits(two, "main", "second", without=["beta"]).models] == ["alpha"]
    with pytest.raises(InputError, match=r"expected a model with predictions on both .*; got none"):
        compare_splits(two, "main", "second", without=["alpha", "beta"])
    with pytest.raises(InputError, match=r"expected a model with predictions on both .*; got none"):
        compare_splits(two, "main", "second", models=["alpha"], without=["alpha"])


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        (("main", "main"), "expected two splits; got main twice"),
        (("main", "bare"), "expected a model with predictions on both main and bare; got none"),
    ],
    ids=["one-split", "no-model"],
)
def test_what_cannot_be_compared_is_refused(two: Workspace, splits: tuple[str, str], message: str) -> None:
    add_split(two, "bare", items=pl.DataFrame({"id": ["x"], "class_id": [0]}))
    with pytest.raises(InputError, match=message):
        compare_splits(two, *splits)


def test_what_is_unknown_is_named(two: Workspace) -> None:
    with pytest.raises(NotFoundError, match="third"):
        compare_splits(two, "main", "third")
    with pytest.raises(NotFoundError, match="No predictions of gamma on the split main"):
        compare_splits(two, "main", "second", without=["gamma"])
    with pytest.raises(NotFoundError, match="No predictions of beta on the split second"):
        compare_splits(two, "main", "second", models=["alpha", "beta"])


def test_the_chart_is_written_whole_or_not_at_all(two: Workspace, tmp_path: Path) -> None:
    shift = compare_splits(two, "main", "second", policy="single")
    save_shift_chart(shift, tmp_path / "chart.svg")
    first = (tmp_path / "chart.svg").read_bytes()
    assert b"accuracy on second" in first
    save_shift_chart(replace(shift, to_split="again"), tmp_path / "chart.svg")
    assert b"accuracy on again" in (tmp_path / "chart.svg").read_bytes()
    with pytest.raises(InputError, match="expected a file that can be written"):
        save_shift_chart(shift, tmp_path / "absent" / "chart.svg")
    with pytest.raises(InputError, match="expected a chart's file"):
        save_shift_chart(shift, tmp_path / "chart.jpg")
    assert sorted(path.name for path in tmp_path.glob("*chart*")) == ["chart.svg"]
