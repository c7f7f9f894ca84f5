"""Judgements made elsewhere."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.records.panel import Origin, Pass, QuestionStatus
from regrade.records.users import User
from regrade.store import reviews
from regrade.workflow.cases import list_cases, make_cases
from regrade.workflow.judgements import import_judgements
from regrade.workflow.labels import import_labels
from regrade.workflow.mistake_filters import MistakeFilters
from regrade.workflow.mistakes import search_mistakes
from regrade.workflow.predictions import import_predictions
from regrade.workflow.publish import preview_publication
from regrade.workflow.review import answer_screen, load_queue
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import Asked, asked_on, predict, undo, verdicts, write_judgements


@pytest.fixture
def judgements(tmp_path: Path) -> Path:
    path = tmp_path / "panel.json"
    rows = {
        "img_0.png": {"top_prediction": 1, "failure category": "Fine-grained error", "failure severity": "Major"},
        "img_5.png": {"top_prediction": 0, "failure category": "Non-prototypical", "failure severity": "Borderline"},
    }
    path.write_text(json.dumps(rows))
    return path


def test_they_make_their_cases_and_decisions_of_both_passes(ws: Workspace, judgements: Path) -> None:
    make_cases(ws)
    report = import_judgements(ws, judgements, by="A panel elsewhere")
    # (0, 1) was a case here already; (5, 0) is new
    assert (report.n_judgements, report.n_new, report.n_cases) == (2, 2, 1)
    rows = {(row.item_id, row.class_id): row for row in list_cases(ws) if row.verdict}
    assert {pair: (row.verdict, row.category, row.severity) for pair, row in rows.items()} == {
        ("img_0.png", 1): ("wrong", "fine-grained", "major"),
        ("img_5.png", 0): ("wrong", "non-prototypical", "borderline"),
    }
    assert preview_publication(ws).n_decisions == 2


def test_the_same_file_again_is_no_change(ws: Workspace, judgements: Path) -> None:
    import_judgements(ws, judgements, by="A panel elsewhere")
    again = import_judgements(ws, judgements, by="A panel elsewhere")
    assert (again.n_judgements, again.n_new, again.n_cases) == (2, 0, 0)


def test_nobody_is_asked_again_about_them(ws: Workspace, judgements: Path, people: dict[str, User]) -> None:
    import_judgements(ws, judgements, by="A panel elsewhere")
    assert load_queue(ws, people["ada"], Pass.VERDICT).screens == ()
    assert load_queue(ws, people["ada"], Pass.KIND).screens == ()


def test_a_judgement_on_a_class_that_rode_along_is_a_case(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    load_queue(ws, people["ada"], Pass.VERDICT)
    assert asked_on(ws, 0)[0].origin is Origin.LABEL
    import_judgements(ws, write_judgements(ws, {0: 0}), by="A panel elsewhere")
    assert asked_on(ws, 0)[0] == Asked(QuestionStatus.DECIDED, Origin.IMPORTED)
    assert [(row.class_id, row.verdict) for row in list_cases(ws) if row.verdict] == [(0, "wrong")]


def test_a_key_that_looks_like_a_judgement_takes_nothing_back_of_it(ws: Workspace, people: dict[str, User]) -> None:
    make_cases(ws)
    import_judgements(ws, write_judgements(ws, {5: 0}), by="A panel elsewhere")
    (screen, *_) = load_queue(ws, people["ada"], Pass.VERDICT).screens
    answer_screen(ws, people["ada"], screen.id, verdicts(screen, {}), key="panel.json/5/0")
    undo(ws, people["ada"])
    with ws.store.read() as tx:
        assert [row.withdrawn for row in reviews.list_item_reviews(tx, "main", 5)] == [False, False]


@pytest.mark.parametrize(("by", "match"), [("  ", "empty name"), ("ada", "who reviews here")])
def test_the_source_must_be_named(
    ws: Workspace, judgements: Path, people: dict[str, User], by: str, match: str
) -> None:
    with pytest.raises(InputError, match=match):
        import_judgements(ws, judgements, by=by)


@pytest.mark.shared_data
def test_the_papers_panel_on_the_real_labels(tmp_path: Path, shared_data: Path) -> None:
    data = shared_data / "imagenet"
    init_workspace(tmp_path / "w", classes=data / "classes.csv", items=data / "val_labels.csv")
    with open_workspace(tmp_path / "w") as ws:
        import_labels(ws, "multilabel", data / "multilabel_v3.csv")
        import_predictions(ws, [("vit3b", data / "vit3b_mistakes.json")])
        report = import_judgements(ws, data / "vit3b_mistakes.json", by="Vasudevan et al. 2022")
        assert (report.n_new, report.n_cases) == (378, 378)
        rows = list_cases(ws)
        # the paper's table, released labels: category x severity (Major / Minor / Borderline)
        counts = Counter((row.category, row.severity) for row in rows)
        assert [counts["fine-grained", key] for key in ("major", "minor", "borderline")] == [88, 101, 53]
        assert [counts["fine-grained out-of-vocabulary", key] for key in ("major", "minor", "borderline")] == [
            22,
            22,
            10,
        ]
        assert [counts["spurious correlation", key] for key in ("major", "minor", "borderline")] == [37, 13, 2]
        assert [counts["non-prototypical", key] for key in ("major", "minor", "borderline")] == [7, 14, 9]
        assert {row.models for row in rows} == {("vit3b",)}
        page = search_mistakes(ws, MistakeFilters(severity="major"))
        assert page.n_total == 154
        # every prediction is judged wrong in the labels already: there is nothing to publish
        preview = preview_publication(ws)
        assert (preview.can_publish, preview.n_confirmed) == (False, 378)
