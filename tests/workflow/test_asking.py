"""Where questions stand in the order of work."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from regrade.records.labels import Verdict
from regrade.records.panel import Pass
from regrade.records.users import User
from regrade.workflow.cases import make_cases
from regrade.workflow.judgements import import_judgements
from regrade.workflow.predictions import import_predictions
from regrade.workflow.protocols import edit_protocol
from regrade.workflow.review import load_queue
from regrade.workflow.shuffle import shuffle_keys
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import (
    LABELS,
    N_ITEMS,
    give,
    item_of,
    predict,
    set_protocol,
    write_judgements,
)

CORRECT = Verdict.CORRECT
Folk = dict[str, User]


def places(ws: Workspace) -> dict[int, int]:
    """Each item's place; all questions on an item, in both passes, have the same one."""
    with ws.store.read() as tx:
        rows = {tuple(row) for row in tx.execute(text("SELECT item, shuffle FROM questions"))}
    assert len(rows) == len({item for item, _ in rows})
    return dict(rows)


def test_in_random_order_an_item_stands_where_it_always_stands(ws: Workspace) -> None:
    predict(ws, "gamma", {0: 1, 3: 2, 7: 0})
    keys = shuffle_keys(ws, "main")
    assert places(ws) == {item: int(keys[item]) for item in (0, 3, 7)}


def test_by_groups_items_with_one_group_of_classes_stand_together(ws: Workspace) -> None:
    """Without hierarchy and groups each class is a group of its own."""
    set_protocol(ws, order="groups")
    predict(ws, "gamma", {0: 1, 1: 1, 3: 0, 7: 2})
    found = places(ws)
    groups = {item: place >> 31 for item, place in found.items()}
    # Items 0, 1 and 3 have the candidates 0 and 1, item 7 has 2 and 3: two groups at most and two at most.
    assert len({groups[0], groups[1], groups[3]}) <= 2
    assert groups[7] not in {groups[0], groups[1], groups[3]}
    keys = shuffle_keys(ws, "main")
    assert all(place & (2**31 - 1) == int(keys[item]) & (2**31 - 1) for item, place in found.items())


def test_another_order_moves_all_that_is_asked(ws: Workspace, people: Folk) -> None:
    predict(ws, "gamma", {0: 1, 3: 2, 7: 0})
    for name in ("ada", "bo"):
        give(ws, people[name], dict.fromkeys(LABELS, CORRECT))
    at_random = places(ws)
    edit_protocol(ws, {"order": "groups"}, by="root", reason="r")
    by_groups = places(ws)
    assert set(by_groups) == set(at_random)
    assert by_groups != at_random
    edit_protocol(ws, {"order": "random"}, by="root", reason="r")
    assert places(ws) == at_random


def test_whatever_asks_more_keeps_an_item_together(ws: Workspace, people: Folk) -> None:
    """Cases, labels that ride along, added classes, the second pass, judgements made elsewhere: one place an item."""
    set_protocol(ws, order="groups", n_reviewers=1)
    predict(ws, "gamma", {0: 1, 3: 2})
    screen = load_queue(ws, people["ada"], Pass.VERDICT).screens[0]
    item = item_of(ws, screen)
    added = next(class_id for class_id in range(4) if class_id not in {card.class_id for card in screen.cards})
    give(ws, people["ada"], {LABELS[item]: CORRECT}, added={added: CORRECT})
    predict(ws, "delta", {0: 3, 3: 0, 5: 1})
    import_judgements(ws, write_judgements(ws, {5: 3, 6: 1}), by="elsewhere")
    assert set(places(ws)) == {0, 3, 5, 6}


@pytest.mark.parametrize("order", ["random", "groups"])
def test_every_item_is_met_whatever_the_order(ws: Workspace, people: Folk, order: str) -> None:
    set_protocol(ws, order=order)
    predict(ws, "gamma", {item: (label + 1) % 4 for item, label in enumerate(LABELS)})
    met = []
    while screens := load_queue(ws, people["ada"], Pass.VERDICT).screens:
        met.append(item_of(ws, screens[0]))
        give(ws, people["ada"], {})
    assert sorted(met) == list(range(N_ITEMS))


def test_the_group_that_an_item_stands_in_does_not_tell_its_label(tmp_path: Path) -> None:
    """400 items, half of them labeled 0 and taken for 4, half the other way round; 0 to 3 are one group, 4 to 7 one.

    A reviewer who goes by the group that the walk is in would guess that the candidate of that group is the label. That
    is right for half of the items, within 5 standard errors: sqrt(400 / 4) = 10 items each.
    """
    names = "\n".join(f"{number},k{number},name {number},{'round' if number < 4 else 'flat'}" for number in range(8))
    (tmp_path / "classes.csv").write_text(f"class_id,key,name,group\n{names}\n")
    labels = np.tile([0, 4], 200)
    rows = "\n".join(f"x{item},{label}" for item, label in enumerate(labels))
    (tmp_path / "items.csv").write_text(f"id,class_id\n{rows}\n")
    np.save(tmp_path / "swapped.npy", 4 - labels)
    init_workspace(tmp_path / "ws", classes=tmp_path / "classes.csv", items=tmp_path / "items.csv")
    with open_workspace(tmp_path / "ws") as ws:
        set_protocol(ws, order="groups")
        import_predictions(ws, [("swapped", tmp_path / "swapped.npy")])
        make_cases(ws)
        groups = {item: place >> 31 for item, place in places(ws).items()}
    first, second = sorted(set(groups.values()))
    n_right = dict.fromkeys(("as it comes", "the other way"), 0)
    for item, group in groups.items():
        is_round = labels[item] == 0
        n_right["as it comes" if is_round == (group == first) else "the other way"] += 1
    assert {first, second} == set(groups.values())
    assert sum(n_right.values()) == 400
    assert abs(n_right["as it comes"] - 200) < 50
