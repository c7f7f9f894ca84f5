"""Grading a file of logits gives what importing it and grading the model gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.grades import Policy
from regrade.workflow.grade import grade_models
from regrade.workflow.labels import import_labels
from regrade.workflow.logits import grade_logits
from regrade.workflow.predictions import import_predictions, list_predictions
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import N_ITEMS

LABELS = """\
id,original_label,correct,unclear,wrong,problematic
img_0.png,0,0;1,2,,0
img_1.png,0,0,,1,0
img_2.png,1,1,,,1
img_3.png,1,1,,2,0
img_5.png,2,2;3,,,0
"""


@pytest.fixture
def logits(tmp_path: Path) -> Path:
    """Scores of eight items and four classes; item 4 ties at the top, item 6 below it."""
    scores = np.random.default_rng(3).standard_normal((N_ITEMS, 4)).astype(np.float32)
    scores[4, [1, 3]] = 5
    scores[6, [0, 3]] = -5
    np.save(tmp_path / "net.npy", scores)
    return tmp_path / "net.npy"


@pytest.mark.parametrize("policy", ["multilabel", "real", "single"])
def test_it_equals_import_and_grade(ws: Workspace, logits: Path, tmp_path: Path, policy: Policy) -> None:
    (tmp_path / "labels.csv").write_text(LABELS)
    import_labels(ws, "reviewed", tmp_path / "labels.csv")
    streamed = grade_logits(ws, logits, labels="reviewed", policy=policy)
    assert len(list_predictions(ws)) == 2  # nothing was stored
    import_predictions(ws, [("net", logits)])
    (imported,) = grade_models(ws, models=["net"], labels="reviewed", policy=policy)
    assert streamed == imported
    assert (streamed.model, streamed.labels, streamed.n_ties) == ("net", "reviewed@1", 1)


def test_an_array_is_graded_as_its_file_and_stays_as_it_is(ws: Workspace, logits: Path) -> None:
    scores = np.load(logits)
    before = scores.copy()
    assert grade_logits(ws, scores) == replace(grade_logits(ws, str(logits)), model="array")
    assert grade_logits(ws, scores, model="net") == grade_logits(ws, logits)
    np.testing.assert_array_equal(scores, before)


def test_the_model_can_be_named(ws: Workspace, logits: Path) -> None:
    graded = grade_logits(ws, logits, model="wide")
    assert graded == replace(grade_logits(ws, logits), model="wide")
    assert graded.labels == "original@1"


@pytest.mark.parametrize(
    ("row", "said"),
    [([np.nan, 0, 0, 0], "finite numbers in every row"), ([1, 1, 1, 1], "scores that tell the classes apart")],
    ids=["NaN", "all equal"],
)
def test_rows_that_name_no_class_are_refused_as_at_import(
    ws: Workspace, logits: Path, row: list[float], said: str
) -> None:
    scores = np.load(logits)
    scores[5] = row
    np.save(logits, scores)
    with pytest.raises(InputError, match=said) as graded:
        grade_logits(ws, logits)
    with pytest.raises(InputError, match=said) as imported:
        import_predictions(ws, [("net", logits)])
    assert str(graded.value) == str(imported.value)


def test_what_is_not_there(ws: Workspace, logits: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="label set"):
        grade_logits(ws, logits, labels="reviewed")
    with pytest.raises(InputError, match="No such file"):
        grade_logits(ws, tmp_path / "absent.npy")
