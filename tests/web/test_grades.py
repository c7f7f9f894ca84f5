"""Grades side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regrade.web.grades import change, compare_versions, headline
from regrade.workflow.labels import diff_versions
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
