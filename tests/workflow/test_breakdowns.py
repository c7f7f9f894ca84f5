"""Breakdowns of stored models: which models, in which order, by which key."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError, NotFoundError
from regrade.workflow.breakdowns import calibrate_models, grade_classes, grade_groups, grade_ranks
from regrade.workflow.grade import choose_key, grade_by_key, grade_models
from regrade.workflow.workspace import Workspace, add_split


def test_models_come_in_the_order_named_and_all_by_name(ws: Workspace) -> None:
    key = choose_key(ws)
    for rows in (grade_classes, grade_ranks, calibrate_models):
        assert list(dict.fromkeys(row.model for row in rows(ws, key))) == ["alpha", "beta"]
        assert list(dict.fromkeys(row.model for row in rows(ws, key, ["beta", "alpha"]))) == ["beta", "alpha"]
        with pytest.raises(NotFoundError, match="No predictions of gamma"):
            rows(ws, key, ["gamma"])


def test_classes_of_a_model(ws: Workspace) -> None:
    # labels 0 0 1 1 2 2 3 3; alpha says 1 0 1 2 2 2 3 3, beta 2 0 1 2 2 2 3 0
    rows = grade_classes(ws, choose_key(ws))
    assert [(row.model, row.name, row.accuracy) for row in rows] == [
        ("alpha", "bagel", 1 / 2),
        ("alpha", "dough", 1 / 2),
        ("alpha", "pretzel", 1.0),
        ("alpha", "bun", 1.0),
        ("beta", "bagel", 1 / 2),
        ("beta", "dough", 1 / 2),
        ("beta", "pretzel", 1.0),
        ("beta", "bun", 1 / 2),
    ]


def test_classes_without_groups_are_refused(ws: Workspace) -> None:
    with pytest.raises(InputError, match="expected classes with groups"):
        grade_groups(ws, choose_key(ws))


def test_ranks_of_a_model(ws: Workspace) -> None:
    (alpha, beta) = grade_ranks(ws, choose_key(ws), top_k=1, variable=True)
    assert (alpha.top_k_accuracy, beta.top_k_accuracy) == (6 / 8, 5 / 8)
    assert (alpha.variable_top_k_accuracy, beta.variable_top_k_accuracy) == (6 / 8, 5 / 8)


def test_the_key_says_the_split(ws: Workspace, benchmark: Path) -> None:
    add_split(ws, "more", items=benchmark / "items.csv", media=benchmark / "media")
    key = choose_key(ws, split="more")
    assert (key.labels, key.split) == ("original-more@1", "more")
    assert [*grade_classes(ws, key), *calibrate_models(ws, key), *grade_by_key(ws, key)] == []
    with pytest.raises(InputError, match="expected labels of the split more"):
        choose_key(ws, labels="original", split="more")


def test_a_key_with_equivalences_is_what_grades_with_them_are_made_by(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "same.csv").write_text("label,accepts\n1,2\n")
    key = choose_key(ws, equivalences=tmp_path / "same.csv")
    # dough is right as pretzel too, so item 3 is
    assert [row.accuracy for row in grade_classes(ws, key, ["alpha"])] == [1 / 2, 1.0, 1.0, 1.0]
    assert grade_by_key(ws, key) == grade_models(ws, equivalences=tmp_path / "same.csv")
