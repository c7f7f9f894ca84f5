"""The class guide."""

from __future__ import annotations

from pathlib import Path

from regrade.workflow.guide import class_card, search_classes
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace


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
