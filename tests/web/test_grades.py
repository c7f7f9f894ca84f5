"""Grades side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.web.grades import change, compare_versions, headline
from regrade.web.pages import make_environment
from regrade.workflow.label_diffs import diff_versions
from regrade.workflow.overview import load_overview
from regrade.workflow.workspace import Workspace


def test_the_headline_is_the_class_mean_where_there_is_one(still_ws: Workspace) -> None:
    grade = load_overview(still_ws).lines[0].after
    assert headline(grade) == pytest.approx(0.75)
    assert headline(replace(grade, multilabel_accuracy=None)) == grade.item_accuracy
    assert headline(replace(grade, multilabel_accuracy=0.0)) == 0.0
    assert headline(replace(grade, multilabel_accuracy=None, item_accuracy=None)) is None


def test_a_change_from_or_to_nothing_is_undefined(still_ws: Workspace) -> None:
    grade = load_overview(still_ws).lines[0].after
    nothing = replace(grade, multilabel_accuracy=None, item_accuracy=None)
    assert change(grade, replace(grade, multilabel_accuracy=0.5)) == pytest.approx(-0.25)
    assert change(grade, nothing) is None
    assert change(nothing, grade) is None


def test_models_are_compared_best_first(still_ws: Workspace) -> None:
    pairs = compare_versions(still_ws, diff_versions(still_ws, "original@1", "original"))
    assert [pair.model for pair in pairs] == ["xylograph", "quagmire"]


def test_a_model_that_cannot_be_graded_has_no_number_of_mistakes(still_ws: Workspace) -> None:
    (pair, _) = compare_versions(still_ws, diff_versions(still_ws, "original@1", "original"))
    nothing = replace(pair.before, multilabel_accuracy=None, item_accuracy=None, n_graded=0, n_mistakes=0)
    drawn = make_environment(still_ws, "").get_template("_grades.html").module
    table = str(drawn.grade_table([replace(pair, before=nothing)], "a@1", "a@2", change))  # type: ignore[attr-defined]
    assert '<td class="num">– → 2</td>' in table
