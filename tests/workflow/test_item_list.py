"""The items of a split in order."""

from __future__ import annotations

import pytest

from regrade.errors import NotFoundError
from regrade.workflow.item_list import ItemRow, list_items
from regrade.workflow.workspace import Workspace
from tests.workflow.conftest import N_ITEMS


def test_items_stand_in_the_order_of_their_file(ws: Workspace) -> None:
    rows = list_items(ws)
    assert [row.row for row in rows] == list(range(N_ITEMS))
    assert rows[2] == ItemRow(2, "img_2.png", 1, "k1", "dough", "img_2.png")


def test_an_unknown_split_is_refused(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match="There is no split other"):
        list_items(ws, "other")
