"""The order of changes."""

from __future__ import annotations

import pytest

from regrade.web.changes import group_changes
from regrade.workflow.label_diffs import ChangeView


def change(before: str, after: str, class_id: int | None = 0, item: int = 0) -> ChangeView:
    return ChangeView(item, f"token{item}", str(item), None, class_id, "bagel", before, after, "", "", "")


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("never judged", "correct", True),
        ("wrong", "unclear", True),
        ("correct", "wrong", True),
        ("unclear", "never judged", True),
        ("never judged", "wrong", False),
        ("wrong", "never judged", False),
        ("correct", "unclear", False),
    ],
)
def test_a_change_moves_grades_where_a_class_becomes_accepted_or_no_longer_is(
    before: str, after: str, moves: bool
) -> None:
    assert change(before, after).moves_grades is moves


def test_an_item_that_becomes_problematic_moves_grades() -> None:
    assert change("usable", "problematic", class_id=None).moves_grades


def test_what_moves_grades_comes_first_and_is_cut_last() -> None:
    quiet, loud = change("never judged", "wrong"), change("never judged", "correct", item=1)
    groups = group_changes([quiet, loud, quiet, loud], most=3)
    assert (groups.moving, groups.settling, groups.n_hidden) == ((loud, loud), (quiet,), 1)
    assert (groups.n_moving, groups.n_settling) == (2, 2)
    groups = group_changes([quiet, loud, loud], most=1)
    assert (len(groups.moving), groups.n_moving, groups.n_settling) == (1, 2, 1)
    assert (groups.moving, groups.settling, groups.n_hidden) == ((loud,), (), 2)
    assert group_changes([], most=5).n_hidden == 0
