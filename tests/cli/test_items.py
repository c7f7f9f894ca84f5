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
