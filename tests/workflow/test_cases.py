"""Cases: merged, listed, exported."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError, NotFoundError
from regrade.records.panel import QuestionStatus
from regrade.workflow.cases import CASE_COLUMNS, case_cells, list_cases, make_cases
from regrade.workflow.labels import import_labels
from regrade.workflow.predictions import import_predictions
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace


def test_cases_are_the_models_mistakes_merged(ws: Workspace) -> None:
    report = make_cases(ws)
    assert (report.n_cases, report.n_items, report.n_new_cases, report.n_new_items) == (4, 3, 4, 3)
    assert [(row.item_id, row.class_name, row.models) for row in list_cases(ws)] == [
        ("img_0.png", "dough", ("alpha",)),
        ("img_0.png", "pretzel", ("beta",)),
        ("img_3.png", "pretzel", ("alpha", "beta")),
        ("img_7.png", "bagel", ("beta",)),
    ]


def test_a_dry_run_stores_nothing_and_says_the_numbers(ws: Workspace) -> None:
    dry = make_cases(ws, dry_run=True)
    assert (dry.n_cases, dry.n_items, dry.n_new_cases) == (4, 3, 4)
    assert list_cases(ws) == ()


def test_models_can_be_chosen(ws: Workspace) -> None:
    report = make_cases(ws, models=["alpha"])
    assert (report.n_cases, report.models) == (2, ("alpha",))
    assert make_cases(ws).n_new_cases == 2
    with pytest.raises(NotFoundError, match="alpha, beta"):
        make_cases(ws, models=["gamma"])


def test_status_and_limit(ws: Workspace) -> None:
    make_cases(ws)
    assert len(list_cases(ws, status=QuestionStatus.OPEN, limit=2)) == 2
    assert list_cases(ws, status=QuestionStatus.DECIDED) == ()


def test_a_case_as_cells_joins_its_models(ws: Workspace) -> None:
    make_cases(ws)
    (row,) = [row for row in list_cases(ws) if row.item_id == "img_3.png"]
    cells = dict(zip(CASE_COLUMNS, case_cells(row), strict=True))
    assert (cells["item_id"], cells["class_id"], cells["models"]) == ("img_3.png", 2, "alpha;beta")


def test_labels_of_another_split_are_refused(ws: Workspace) -> None:
    (ws.folder / "more.csv").write_text("id,class_id\nx0,0\nx1,1\n")
    add_split(ws, "other", items=ws.folder / "more.csv")
    with pytest.raises(InputError, match="labels of the split main"):
        make_cases(ws, labels="original-other")


@pytest.mark.shared_data
def test_the_real_models_give_the_counted_cases(tmp_path: Path, shared_data: Path) -> None:
    data = shared_data / "imagenet"
    init_workspace(tmp_path / "w", classes=data / "classes.csv", items=data / "val_labels.csv")
    with open_workspace(tmp_path / "w") as ws:
        import_labels(ws, "multilabel", data / "multilabel_v3.csv")
        files = sorted((shared_data / "predictions_val" / "top5").glob("*.npy"))
        import_predictions(ws, [(file.stem, file) for file in files])
        report = make_cases(ws)
        assert len(report.models) == 67
        assert (report.n_cases, report.n_items) == (20_198, 11_209)
