"""Importing predictions and labels: dataframes in place of files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.formats import ArrowTable
from regrade.workflow.labels import import_labels, load_labels
from regrade.workflow.predictions import import_predictions, list_predictions, load_predictions
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import N_ITEMS, TOP1

ALPHA = pl.DataFrame({"id": [f"img_{item}.png" for item in range(N_ITEMS)], "predicted_class": TOP1["alpha"]})


def test_a_dataframe_is_imported_like_a_file(ws: Workspace) -> None:
    (report,) = import_predictions(ws, [("frame", ALPHA.reverse())])
    assert (report.stored.source, report.created) == ("dataframe", True)
    frame, alpha = load_predictions(ws, ["frame", "alpha"])
    assert frame.classes.tolist() == alpha.classes.tolist()
    assert report.stored.digest == {row.model: row for row in list_predictions(ws)}["alpha"].digest


def test_the_same_dataframe_again_is_no_change_and_another_is_a_conflict(ws: Workspace) -> None:
    import_predictions(ws, [("frame", ALPHA)])
    assert not import_predictions(ws, [("frame", ALPHA)])[0].created
    other = ALPHA.with_columns(predicted_class=pl.lit(0))
    with pytest.raises(ConflictError, match="frame has other predictions"):
        import_predictions(ws, [("frame", other)])


def test_files_and_dataframes_are_imported_together_or_not_at_all(ws: Workspace, benchmark: Path) -> None:
    files: list[tuple[str, Path | ArrowTable]] = [("one", benchmark / "beta.npy"), ("two", ALPHA)]
    assert [row.stored.model for row in import_predictions(ws, files)] == ["one", "two"]
    bad = ALPHA.with_columns(predicted_class=pl.lit(4))
    with pytest.raises(InputError, match="dataframe of four, row index 0"):
        import_predictions(ws, [("three", benchmark / "beta.npy"), ("four", bad)])
    assert [row.model for row in list_predictions(ws)] == ["alpha", "beta", "one", "two"]


def test_labels_are_imported_from_a_dataframe(ws: Workspace) -> None:
    frame = pl.DataFrame(
        {"id": ["img_0.png"], "correct": [[0, 1]], "unclear": [[2]], "wrong": [[3]], "problematic": [False]}
    )
    report = import_labels(ws, "frame", frame)
    assert (report.version.ref, report.version.reason, report.n_verdicts) == ("frame@1", "imported from dataframe", 4)
    assert load_labels(ws, "frame").accepted_classes(0) == (0, 1, 2)


def test_of_many_models_the_nearest_names_are_said(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match=r"No predictions of alfa on the split main\. There are: alpha, beta\."):
        list(load_predictions(ws, ["alfa"]))
    import_predictions(ws, [(f"net_{number}", ALPHA) for number in range(20)])
    words = r"Alike are alpha; `regrade predictions list --split SPLIT` lists all 22\."
    with pytest.raises(NotFoundError, match=words):
        list(load_predictions(ws, ["alfa"]))
    with pytest.raises(NotFoundError, match=r"split main\. `regrade predictions list"):
        list(load_predictions(ws, ["zzz"]))


def test_an_array_is_imported_like_its_file(ws: Workspace) -> None:
    (report,) = import_predictions(ws, [("array", np.array(TOP1["alpha"]))])
    assert (report.stored.source, report.created) == ("array", True)
    assert report.stored.digest == {row.model: row for row in list_predictions(ws)}["alpha"].digest


@pytest.mark.parametrize(
    ("files", "got"),
    [
        pytest.param(("one", "one.npy"), "str", id="one pair alone"),
        pytest.param("one.npy", "str", id="a file alone"),
        pytest.param([("one", "one.npy", "two.npy")], "tuple", id="three"),
        pytest.param([(1, "one.npy")], "tuple", id="a number as name"),
    ],
)
def test_what_is_no_list_of_pairs_is_refused(ws: Workspace, files: Any, got: str) -> None:
    message = f"files: expected pairs of a model's name and its file.*; got a value of type {got}"
    with pytest.raises(InputError, match=message):
        import_predictions(ws, files)
