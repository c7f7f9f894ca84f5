"""The class guide."""

from __future__ import annotations

from pathlib import Path

from regrade.records.classes import ClassList
from regrade.workflow.cases import make_cases
from regrade.workflow.guide import ClassCard, Neighbor, class_card, even_cards, search_classes
from regrade.workflow.media import media_token
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace
from tests.workflow.conftest import LABELS, predict, write_labels


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


def test_a_beginning_counts_more_than_a_word_and_a_name_more_than_a_definition(ws: Workspace) -> None:
    names = ("hotdog", "dog sled", "eskimo dog", "wolf")
    definitions = ("", "", "", "an ancestor of the dog")
    ws.__dict__["classes"] = ClassList(("k0", "k1", "k2", "k3"), names, definitions, ("",) * 4)
    assert [card.name for card in search_classes(ws, "dog")] == ["dog sled", "eskimo dog", "hotdog", "wolf"]
    assert [card.name for card in search_classes(ws, "Dóg ESK")] == ["eskimo dog"]
    assert [card.name for card in search_classes(ws, "wolf ancestor")] == ["wolf"]
    assert search_classes(ws, "dog cat") == ()


def test_items_that_the_panel_is_asked_about_or_that_show_something_else_are_no_examples(ws: Workspace) -> None:
    write_labels(ws, "multi", {0: "0,,,0", 1: "3,,0,0", 2: "1,,,1", 3: "1,,,0", 4: ",2,,0"})
    predict(ws, "gamma", {0: 1})
    # of bagel, 0 has a case and 1 shows a bun; of dough, 2 is problematic; 4 is an unclear pretzel, 5 is not covered
    assert class_card(ws, 0).examples == ()
    assert class_card(ws, 1).examples == (media_token(ws, "main", 3),)
    assert class_card(ws, 2).examples == (media_token(ws, "main", 4), media_token(ws, "main", 5))


def test_an_example_that_looks_like_the_item_is_left_out(ws: Workspace) -> None:
    """Item 1 has the picture of item 2, of another class: beside item 1, item 2 is no example of its class."""
    media = ws.folder / "media"
    (media / "img_1.png").write_bytes((media / "img_2.png").read_bytes())
    two, three = (media_token(ws, "main", item) for item in (2, 3))
    assert class_card(ws, 1, item=1).examples == (three,)
    assert class_card(ws, 1, item=0).examples == (two, three)
    assert class_card(ws, 1, item=2).examples == (three,)  # nor is an item its own example


def test_all_classes_of_a_screen_show_as_much_as_the_poorest() -> None:
    rich = ClassCard(0, "k0", "bagel", "", ("a", "b", "c"), neighbors=(Neighbor(1, "dough"), Neighbor(2, "pretzel")))
    poor = ClassCard(1, "k1", "dough", "", ("d",), neighbors=(Neighbor(0, "bagel"),))
    cards = even_cards([rich, poor])
    assert [card.examples for card in cards] == [("a",), ("d",)]
    assert [len(card.neighbors) for card in cards] == [1, 1]
    assert even_cards([]) == ()


def test_confusions_never_come_from_items_that_the_panel_is_asked_about(ws: Workspace) -> None:
    """By hand: gamma says dough on item 0 (a bagel) and bun on item 4 (a pretzel)."""
    write_labels(ws, "multi", {item: f"{label},,,0" for item, label in enumerate(LABELS)})
    predict(ws, "gamma", {0: 1, 4: 3}, dry_run=True)
    names = {class_id: [row.name for row in class_card(ws, class_id).neighbors] for class_id in range(4)}
    # alpha: 0 -> dough, 3 -> pretzel; beta: 0 -> pretzel, 3 -> pretzel, 7 -> bagel; gamma: 0 -> dough, 4 -> bun
    assert names == {
        0: ["dough", "pretzel", "bun"],
        1: ["bagel", "pretzel"],
        2: ["dough", "bagel", "bun"],
        3: ["bagel", "pretzel"],
    }
    make_cases(ws)
    assert [class_card(ws, class_id).neighbors for class_id in range(4)] == [(), (), (), ()]
