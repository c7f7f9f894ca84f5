"""`regrade mistakes`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_each_mistake_stands_there_once(regrade: Regrade) -> None:
    # small: (0,1) (2,0) (4,0) (5,1); large: (5,1) (6,2): five pairs, (5,1) shared by both
    ran = regrade("mistakes")
    assert ran.rows[0] == "labels reviewed@1: 5 mistakes on 5 items"
    assert ran.rows[2] == "photo_5.jpg 1 dough 2 pretzel unreviewed 2 0.800 - -"


def test_filters_narrow_and_json_says_the_same(regrade: Regrade) -> None:
    page = regrade("mistakes", "--model", "small", "--status", "judged wrong", "--sort", "item", "--json").json
    assert [tile["item_id"] for tile in page["tiles"]] == ["photo_0.jpg", "photo_2.jpg", "photo_4.jpg"]
    assert page["n_total"] == 3
    assert regrade("mistakes", "--class", 2, "--predicted", 1, "--json").json["n_total"] == 1
    assert regrade("mistakes", "--min-confidence", 0.85, "--json").json["n_total"] == 1
    assert regrade("mistakes", "--max-confidence", 0.55, "--json").json["n_total"] == 1
    assert regrade("mistakes", "--min-models", 2, "--json").json["n_total"] == 1
    assert regrade("mistakes", "--group", "bread", "--query", "photo_4", "--json").json["n_total"] == 1


def test_pages_go_on(regrade: Regrade) -> None:
    ran = regrade("mistakes", "--limit", 2)
    assert len(ran.rows) == 4
    assert ran.err == "3 more: go on with --offset 2\n"
    assert regrade("mistakes", "--limit", 2, "--offset", 4).err == ""


def test_a_status_that_there_is_not_lists_those_there_are(regrade: Regrade) -> None:
    said = regrade("mistakes", "--status", "fine", code=1).err
    assert "unreviewed" in said
    assert "judged wrong" in said
