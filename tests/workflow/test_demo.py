"""The demo's workspace, once, with the real scans and classifiers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits

from regrade.errors import ConflictError
from regrade.store import decisions, reviews
from regrade.workflow.demo import DemoReport, make_demo
from regrade.workflow.predictions import load_predictions
from regrade.workflow.workspace import open_workspace


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    return make_demo(tmp_path_factory.mktemp("demo") / "digits")


def test_at_least_five_models_are_graded_under_the_original_labels(demo: DemoReport) -> None:
    assert demo.created
    assert len(demo.grades) >= 5
    assert {grade.labels for grade in demo.grades} == {"original@1"}
    assert {grade.n_graded for grade in demo.grades} == {1797}
    assert all(0.75 < (grade.multilabel_accuracy or 0) < 0.99 for grade in demo.grades)


def test_the_figures_are_those_of_an_independent_count(demo: DemoReport) -> None:
    _, labels = load_digits(return_X_y=True)
    wrong = set()
    with open_workspace(demo.folder) as ws:
        grades = {grade.model: grade for grade in demo.grades}
        for predictions in load_predictions(ws):
            top = predictions.classes[:, 0]
            shares = [np.mean(top[labels == digit] == digit) for digit in range(10)]
            assert grades[predictions.model].multilabel_accuracy == pytest.approx(np.mean(shares), abs=1e-12)
            assert grades[predictions.model].n_mistakes == int(np.sum(top != labels))
            wrong |= {(item, int(top[item])) for item in np.flatnonzero(top != labels)}
    assert (demo.cases.n_cases, demo.cases.n_items) == (len(wrong), len({item for item, _ in wrong}))
    assert 200 <= demo.cases.n_cases <= 900


def test_no_answers_are_made_up(demo: DemoReport) -> None:
    with open_workspace(demo.folder) as ws, ws.store.read() as tx:
        assert reviews.list_reviewers(tx, "main") == ()
        assert decisions.list_current_decisions(tx, "main") == ()


def test_the_scans_are_the_real_ones(demo: DemoReport) -> None:
    scans, _ = load_digits(return_X_y=True)
    with open_workspace(demo.folder) as ws:
        path = ws.media_root("main") / ws.split().media[7]
    with Image.open(path) as image:
        ink = (255 - np.asarray(image, dtype=float)) * 16 / 255
    assert np.abs(ink - scans[7].reshape(8, 8)).max() < 0.05


def test_making_it_again_changes_nothing(demo: DemoReport) -> None:
    again = make_demo(demo.folder)
    assert not again.created
    assert again.grades == demo.grades
    assert again.cases.n_new_cases == 0


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(ConflictError, match="holds no workspace"):
        make_demo(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
