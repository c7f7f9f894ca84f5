"""The random order of work."""

from __future__ import annotations

from regrade.workflow.shuffle import shuffle_keys
from regrade.workflow.workspace import Workspace, open_workspace
from tests.workflow.conftest import N_ITEMS


def test_every_item_has_a_place_of_its_own_that_stays(ws: Workspace) -> None:
    places = shuffle_keys(ws, "main")
    assert len(set(places.tolist())) == N_ITEMS
    assert places.min() >= 0
    assert places.max() < 2**62
    with open_workspace(ws.folder) as again:
        assert shuffle_keys(again, "main").tolist() == places.tolist()
