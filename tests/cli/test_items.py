"""`regrade items`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Regrade


def test_a_split_is_added_once(regrade: Regrade, bakery: Path) -> None:
    Path("more.csv").write_text("id,label\na,0\nb,\n", encoding="utf-8")
    ran = regrade("items", "add", "second", "--items", "more.csv", "--workspace", bakery)
    assert ran.out.startswith("second: 2 items (1 with a label, ")
    again = regrade("items", "add", "second", "--items", "more.csv", "--workspace", bakery, "--json")
    assert again.json["n_items"] == 2


def test_a_taken_name_is_a_conflict(regrade: Regrade, bakery: Path) -> None:
    Path("more.csv").write_text("id,label\na,0\n", encoding="utf-8")
    assert "main" in regrade("items", "add", "main", "--items", "more.csv", "--workspace", bakery, code=1).err


def test_items_are_listed_in_the_order_of_their_file(regrade: Regrade, bakery: Path) -> None:
    ran = regrade("items", "list", "--workspace", bakery)
    assert ran.rows[:2] == ["row item label file", "0 photo_0.jpg 0 bagel -"]
    assert [row.split()[1] for row in ran.rows[1:]] == [f"photo_{at}.jpg" for at in range(8)]
    csv = regrade("items", "list", "--csv", "--limit", 2, "--workspace", bakery).out.splitlines()
    assert csv == ["row,id,class_id,key,name,path", "0,photo_0.jpg,0,bagel,bagel,", "1,photo_1.jpg,0,bagel,bagel,"]


def test_an_item_without_label_has_none(regrade: Regrade, bakery: Path) -> None:
    Path("more.csv").write_text("id,label\na,3\nb,\n", encoding="utf-8")
    regrade("items", "add", "second", "--items", "more.csv", "--workspace", bakery)
    first, second = regrade("items", "list", "--split", "second", "--json", "--workspace", bakery).json
    assert first == {"row": 0, "id": "a", "class_id": 3, "key": "plate", "name": "plate", "path": None}
    assert (second["class_id"], second["key"], second["name"]) == (None, None, None)
    assert "choose one of" in regrade("items", "list", "--json", "--csv", "--workspace", bakery, code=2).err
