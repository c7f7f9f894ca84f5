"""Which models predict which class."""

from __future__ import annotations

from regrade.workflow.model_votes import ModelVote, list_model_votes
from regrade.workflow.workspace import Workspace


def test_votes_are_by_item_and_class(ws: Workspace) -> None:
    # Item 0: alpha says 1, beta 2; item 3: both say 2; neither file has scores.
    alpha, beta = ModelVote("alpha", None), ModelVote("beta", None)
    assert list_model_votes(ws, "main", [0, 3]) == {0: {1: (alpha,), 2: (beta,)}, 3: {2: (alpha, beta)}}
    assert list_model_votes(ws, "main", []) == {}
