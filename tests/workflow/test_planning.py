"""Which mistakes become cases, beside what the panel knows already."""

from __future__ import annotations

from regrade.records.labels import Verdict
from regrade.records.panel import Origin, Pass, QuestionStatus
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.labels import use_labels
from regrade.workflow.publish import publish_labels
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import (
    LABELS,
    Asked,
    asked_on,
    flag,
    give,
    give_kind,
    predict,
    undo,
    write_labels,
)

CORRECT, WRONG = Verdict.CORRECT, Verdict.WRONG


def test_a_problematic_item_gets_no_case(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        flag(ws, people[name])
    report = predict(ws, "delta", {0: 2, 3: 2})
    assert (report.n_new_cases, report.n_cases, report.n_items) == (1, 1, 1)


def test_a_label_that_other_labels_do_not_know_becomes_a_case(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT})
    write_labels(ws, "other", {item: f"{label if item else 1},,,0" for item, label in enumerate(LABELS)})
    use_labels(ws, "other")
    # (0, 0) rode along under the first labels; delta predicts it, and these labels neither accept nor judge it
    dry = predict(ws, "delta", {}, dry_run=True)
    report = make_cases(ws, models=["delta"])
    assert (dry.n_new_cases, dry.n_cases, dry.n_items) == (1, 2, 1)
    assert (report.n_new_cases, report.n_cases, report.n_items) == (1, 2, 1)
    assert asked_on(ws, 0)[0] == Asked(QuestionStatus.OPEN, Origin.PREDICTION)
    give(ws, people["bo"], {0: CORRECT, 1: CORRECT})
    # both have answered it: what ada said when it rode along counts
    assert asked_on(ws, 0)[0].status is QuestionStatus.DECIDED


def test_a_class_that_was_taken_back_becomes_a_case_when_a_model_predicts_it(
    ws: Workspace, people: dict[str, User]
) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    undo(ws, people["ada"])
    assert asked_on(ws, 0)[3].status is QuestionStatus.CLOSED
    assert predict(ws, "delta", {0: 3}).n_new_cases == 1
    assert asked_on(ws, 0)[3] == Asked(QuestionStatus.OPEN, Origin.PREDICTION)


def test_a_wrong_label_that_models_predict_enters_the_second_pass(ws: Workspace, people: dict[str, User]) -> None:
    """Once the label is known to be wrong, the models that agreed with it are mistaken: what kind of mistake is it?"""
    predict(ws, "gamma", {0: 1})
    for name in ("ada", "bo"):
        give(ws, people[name], {0: WRONG, 1: CORRECT})
    publish_labels(ws, by="root", reason="dough after all")
    report = predict(ws, "delta", {})
    assert (report.n_new_cases, report.n_cases) == (0, 0)
    assert asked_on(ws, 0, Pass.KIND)[0].status is QuestionStatus.OPEN
    give_kind(ws, people["ada"], "minor")


def test_an_added_class_that_a_model_predicts_is_no_new_case(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    give(ws, people["ada"], {0: CORRECT, 1: CORRECT}, added={3: CORRECT})
    report = predict(ws, "delta", {0: 3})
    assert (report.n_new_cases, report.n_cases) == (0, 2)
    assert asked_on(ws, 0)[3] == Asked(QuestionStatus.OPEN, Origin.PREDICTION)
