"""`regrade mistakes`."""

from __future__ import annotations

from csv import DictReader
from pathlib import Path

import numpy as np
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


def test_as_csv_all_are_printed_with_label_and_accepted_classes(regrade: Regrade) -> None:
    # small says dough (1) of photo_0, a bagel (0) that accepts a plate (3) too, though that is unclear
    rows = list(DictReader(regrade("mistakes", "--csv", "--sort", "item").out.splitlines()))
    assert [row["item"] for row in rows] == [f"photo_{at}.jpg" for at in (0, 2, 4, 5, 6)]
    assert rows[0] == {
        "item": "photo_0.jpg",
        "label_id": "0",
        "label_name": "bagel",
        "predicted_id": "1",
        "predicted_name": "dough",
        "accepted_ids": "0;3",
        "accepted_names": "bagel; plate",
        "status": "judged wrong",
        "models": "1",
        "confidence": str(float(np.float32(0.6))),
        "category": "",
        "severity": "",
    }
    ran = regrade("mistakes", "--csv", "--limit", 2)
    assert len(ran.out.splitlines()) == 3
    assert ran.err == "3 more: go on with --offset 2\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--group", "dogs"], "--group: expected a group that there is; got 'dogs'. There are: bread."),
        (["--class", 4], "--class: expected a class id from 0 to 3; got 4"),
        (["--predicted", 99999], "--predicted: expected a class id from 0 to 3; got 99999"),
        (["--category", "x"], "--category: expected a category that there is; got 'x'. There are: fine-grained, "),
        (["--severity", "x"], "--severity: expected a severity that there is; got 'x'. There are: major, "),
        (["--model", "vit"], "No predictions of vit on the split main. There are: large, small."),
    ],
)
def test_a_filter_that_names_what_is_not_there_is_refused(arguments: list[object], said: str, regrade: Regrade) -> None:
    ran = regrade("mistakes", *arguments, code=1)
    assert said in " ".join(ran.err.split())
    assert ran.out == ""


def test_where_the_classes_have_no_groups_the_refusal_says_so(regrade: Regrade) -> None:
    Path("plain.csv").write_text("class_id,key,name\n0,a,a\n1,b,b\n", encoding="utf-8")
    Path("few.csv").write_text("id,label\nx,0\n", encoding="utf-8")
    regrade("init", "plain", "--classes", "plain.csv", "--items", "few.csv")
    said = regrade("mistakes", "--group", "dogs", "--workspace", "plain", code=1).err
    assert "The classes file names no group." in said


def test_of_many_groups_the_first_are_listed(regrade: Regrade) -> None:
    rows = "".join(f"{at},k{at},n{at},g{at:02}\n" for at in range(32))
    Path("many.csv").write_text(f"class_id,key,name,group\n{rows}", encoding="utf-8")
    Path("few.csv").write_text("id,label\nx,0\n", encoding="utf-8")
    regrade("init", "many", "--classes", "many.csv", "--items", "few.csv")
    said = regrade("mistakes", "--group", "dogs", "--workspace", "many", code=1).err
    assert "g28, g29 and 2 more." in said


def test_a_status_that_there_is_not_lists_those_there_are(regrade: Regrade) -> None:
    said = regrade("mistakes", "--status", "fine", code=1).err
    assert "unreviewed" in said
    assert "judged wrong" in said
