"""`regrade grade --by class` and `--by group`."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path

import pytest

from regrade.records.grades import ClassGrade, GroupGrade
from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


# small is right on 1 (class 0), 3 (class 1) and 6 (class 3); wrong on 0, 2, 4, 5 (unreviewed), of classes 0, 1, 2, 2.
# bread is classes 0 and 2; 1 and 3 are in no group.


def test_by_class(regrade: Regrade) -> None:
    rows = regrade("grade", "--by", "class", "--json").json
    assert [(row["model"], row["class_id"]) for row in rows] == [(m, c) for m in ("large", "small") for c in range(4)]
    assert list(rows[0]) == [field.name for field in fields(ClassGrade)]
    small = rows[4:]
    assert [row["accuracy"] for row in small] == [1 / 2, 1 / 2, 0, 1]
    assert [(row["n_graded"], row["n_mistakes"], row["n_unreviewed"]) for row in small] == [
        (2, 1, 0),
        (2, 1, 0),
        (2, 2, 1),
        (1, 0, 0),
    ]
    assert (small[2]["key"], small[2]["name"], small[2]["group"]) == ("pretzel", "pretzel", "bread")
    assert small[2]["accuracy_max"] == 1 / 2


def test_the_table_by_class(regrade: Regrade) -> None:
    ran = regrade("grade", "--by", "class", "--model", "small")
    assert ran.rows[0] == "labels reviewed@1 · policy multilabel"
    assert ran.rows[1] == "model class name accuracy 95 % graded mistakes unreviewed"
    assert ran.rows[4].startswith("small 2 pretzel 0.00 0.00 to ")
    assert ran.rows[4].endswith(" 2 2 1")
    assert len(ran.rows) == 7


@pytest.mark.parametrize(
    ("group_by", "n_graded", "n_mistakes"),
    # by original label: 0, 1, 4, 5; by any accepted one photo_3 too (bagel is unclear there), which is right
    [("original", 4, 3), ("accepted", 5, 3)],
)
def test_by_group(regrade: Regrade, group_by: str, n_graded: int, n_mistakes: int) -> None:
    (small,) = regrade("grade", "--by", "group", "--group-by", group_by, "--model", "small", "--json").json
    assert list(small) == [field.name for field in fields(GroupGrade)]
    assert (small["group"], small["group_by"], small["n_classes"]) == ("bread", group_by, 2)
    assert (small["n_graded"], small["n_mistakes"], small["n_unreviewed"]) == (n_graded, n_mistakes, 1)
    assert small["item_accuracy"] == pytest.approx(1 - n_mistakes / n_graded)
    assert small["notes"] == [f"Graded items in no group: {7 - n_graded}."]


def test_the_table_by_group(regrade: Regrade) -> None:
    ran = regrade("grade", "--by", "group")
    assert ran.rows[1] == "model group classes MLA 95 % items 95 % graded mistakes unreviewed"
    # small: classes 1/2 and 0/2, items 1/4
    assert ran.rows[3].startswith("small bread 2 25.00 ")
    assert ran.rows[3].endswith(" 4 3 1")
    assert ran.err == "note: Graded items in no group: 3.\n"


@pytest.mark.parametrize(("by", "n_rows"), [("class", 8), ("group", 2)])
def test_csv_reads_back(regrade: Regrade, by: str, n_rows: int) -> None:
    rows = list(csv.DictReader(io.StringIO(regrade("grade", "--by", by, "--csv").out)))
    assert len(rows) == n_rows
    assert {row["model"] for row in rows} == {"large", "small"}


@pytest.mark.parametrize("by", ["class", "group"])
def test_without_predictions_it_says_what_to_do(regrade: Regrade, by: str) -> None:
    regrade("init", "empty", "--classes", "classes.csv", "--items", "items.csv")
    ran = regrade("grade", "--by", by, "--workspace", "empty")
    assert ran.out == ""
    assert "regrade predictions import" in ran.err
    assert regrade("grade", "--by", by, "--workspace", "empty", "--json").json == []
    assert regrade("grade", "--by", by, "--workspace", "empty", "--csv").out.strip() == ""


def test_classes_without_groups_are_an_error(regrade: Regrade) -> None:
    text = Path("classes.csv").read_text(encoding="utf-8").replace(",bread", ",")
    Path("plain.csv").write_text(text, encoding="utf-8")
    regrade("init", "plain", "--classes", "plain.csv", "--items", "items.csv")
    regrade("predictions", "import", "small.csv", "--workspace", "plain")
    assert "expected classes with groups" in regrade("grade", "--by", "group", "--workspace", "plain", code=1).err
