"""Which models predict which class."""

from __future__ import annotations

from regrade.workflow.model_votes import ModelVote, list_model_votes
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import predict


def test_votes_are_by_item_and_class(ws: Workspace) -> None:
    # Item 0: alpha says 1, beta 2; item 3: both say 2; neither file has scores.
    alpha, beta = ModelVote("alpha", None), ModelVote("beta", None)
    assert list_model_votes(ws, "main", [0, 3]) == {0: {1: (alpha,), 2: (beta,)}, 3: {2: (alpha, beta)}}
    assert list_model_votes(ws, "main", []) == {}


def test_a_model_that_comes_later_is_among_them(ws: Workspace) -> None:
    assert len(list_model_votes(ws, "main", [3])[3][2]) == 2
    predict(ws, "gamma", {3: 2})
    assert [vote.model for vote in list_model_votes(ws, "main", [3])[3][2]] == ["alpha", "beta", "gamma"]
