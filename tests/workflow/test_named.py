"""Names that callers give: one, or several."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from regrade.errors import InputError
from regrade.workflow.compare import compare_models
from regrade.workflow.grade import grade_models
from regrade.workflow.named import list_names
from regrade.workflow.predictions import import_predictions
from regrade.workflow.shift import compare_splits
from regrade.workflow.workspace import Workspace, add_split


def test_a_lone_text_is_one_name() -> None:
    assert list_names("resnet50", "models") == ("resnet50",)
    assert list_names(["b", "a"], "models") == ("b", "a")
    assert list_names((name for name in "ab"), "models") == ("a", "b")
    assert list_names([], "models") == ()


@pytest.mark.parametrize(("names", "got"), [([1], "int"), (3, "int"), ([["a"]], "list")])
def test_what_is_no_text_is_refused(names: Any, got: str) -> None:
    with pytest.raises(InputError, match=f"models: expected names as text; got a value of type {got}"):
        list_names(names, "models")


def test_a_lone_model_is_taken_everywhere(ws: Workspace) -> None:
    assert [grade.model for grade in grade_models(ws, models="beta")] == ["beta"]
    with pytest.raises(InputError, match="two or more different models to compare; got beta"):
        compare_models(ws, "beta")


def test_a_lone_model_is_left_out(ws: Workspace, benchmark: Path) -> None:
    add_split(ws, "other", items=str(benchmark / "items.csv"), media=str(benchmark / "media"))
    import_predictions(ws, [(model, str(benchmark / f"{model}.npy")) for model in ("alpha", "beta")], split="other")
    assert [row.model for row in compare_splits(ws, "main", "other", without="beta").models] == ["alpha"]
    assert [row.model for row in compare_splits(ws, "main", "other", models="beta").models] == ["beta"]
