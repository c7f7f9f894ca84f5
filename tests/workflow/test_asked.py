"""The items that the panel is asked about."""

from __future__ import annotations

from regrade.records.users import User
from regrade.workflow.asked import load_asked_items
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import give, predict


def test_what_is_asked_later_is_read_on(ws: Workspace, people: dict[str, User]) -> None:
    assert load_asked_items(ws, "main").n_items == 0
    predict(ws, "gamma", {0: 1, 3: 2})
    first = load_asked_items(ws, "main")
    assert (first.mask.nonzero()[0].tolist(), first.n_items) == ([0, 3], 2)
    mask = first.mask
    predict(ws, "delta", {3: 0, 5: 1})
    assert load_asked_items(ws, "main").mask.nonzero()[0].tolist() == [0, 3, 5]
    assert mask.nonzero()[0].tolist() == [0, 3]  # who holds the old one is not disturbed


def test_more_questions_on_the_same_items_change_nothing(ws: Workspace, people: dict[str, User]) -> None:
    predict(ws, "gamma", {0: 1})
    before = load_asked_items(ws, "main").n_items
    give(ws, people["ada"], {})  # deals the label, too
    assert load_asked_items(ws, "main").n_items == before == 1
