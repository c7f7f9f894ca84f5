"""The class guide."""

from __future__ import annotations

from pathlib import Path

from regrade.workflow.guide import class_card, search_classes
from regrade.workflow.media import media_token
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import predict, write_labels


def test_a_benchmark_without_media_has_cards_without_examples(tmp_path: Path, benchmark: Path) -> None:
    (tmp_path / "items.csv").write_text("id,class_id\na,0\nb,1\n")
    init_workspace(tmp_path / "bare", classes=benchmark / "classes.csv", items=tmp_path / "items.csv")
    with open_workspace(tmp_path / "bare") as bare:
        card = class_card(bare, 1)
    assert (card.name, card.definition, card.examples) == ("dough", "raw", ())


def test_every_class_has_its_own_examples(ws: Workspace) -> None:
    cards = [class_card(ws, class_id) for class_id in range(4)]
    assert [len(card.examples) for card in cards] == [2, 2, 2, 2]
    assert len({token for card in cards for token in card.examples}) == 8


def test_classes_are_found_by_name_or_key(ws: Workspace) -> None:
    assert [card.name for card in search_classes(ws, "B")] == ["bun", "bagel"]
    assert [card.name for card in search_classes(ws, "gel")] == ["bagel"]
    assert [card.name for card in search_classes(ws, "k2")] == ["pretzel"]
    assert search_classes(ws, " ") == ()


def test_items_that_the_panel_is_asked_about_or_that_show_something_else_are_no_examples(ws: Workspace) -> None:
    write_labels(ws, "multi", {0: "0,,,0", 1: "3,,0,0", 2: "1,,,1", 3: "1,,,0", 4: ",2,,0"})
    predict(ws, "gamma", {0: 1})
    # of bagel, 0 has a case and 1 shows a bun; of dough, 2 is problematic; 4 is an unclear pretzel, 5 is not covered
    assert class_card(ws, 0).examples == ()
    assert class_card(ws, 1).examples == (media_token(ws, "main", 3),)
    assert class_card(ws, 2).examples == (media_token(ws, "main", 4), media_token(ws, "main", 5))
