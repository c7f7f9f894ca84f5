"""Breakdowns of stored models: which models, in which order, by which key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


@pytest.mark.parametrize("rows", [grade_classes, grade_ranks, calibrate_models])
def test_a_key_is_made_of_labels_and_policy_where_none_is_given(ws: Workspace, rows: Any) -> None:
    key = choose_key(ws, labels="original@1", policy="single", unclear="reject")
    chosen = {"labels": "original@1", "policy": "single", "unclear": "reject"}
    assert rows(ws, models="beta", **chosen) == rows(ws, key, "beta")
    assert rows(ws) == rows(ws, choose_key(ws))


def test_models_are_graded_by_a_prepared_key_too(ws: Workspace) -> None:
    key = choose_key(ws, policy="single")
    assert grade_models(ws, key=key) == grade_models(ws, policy="single")


@pytest.mark.parametrize("chosen", [{"labels": "original"}, {"policy": "single"}, {"split": "other"}])
def test_a_key_and_what_it_is_made_of_are_refused(ws: Workspace, chosen: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="key: expected a prepared key, or what it is made of; got both"):
        calibrate_models(ws, choose_key(ws), **chosen)


def test_a_model_in_the_place_of_the_key_is_refused(ws: Workspace) -> None:
    with pytest.raises(InputError, match=r"key: expected a prepared key, or none; got a value of type str\. Name"):
        calibrate_models(ws, "beta")  # type: ignore[arg-type]  # the wrong type is the test
