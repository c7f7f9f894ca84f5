"""`regrade cases`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade


@pytest.fixture(autouse=True)
def _at_the_bakery(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGRADE_WORKSPACE", str(bakery))


def test_a_dry_run_counts_and_changes_nothing(regrade: Regrade) -> None:
    # never judged: (5,1), which both models say, and (6,2) of large
    for _ in range(2):
        ran = regrade("cases", "make", "--dry-run")
        assert ran.out.splitlines()[1:] == [
            "would be opened: 2 cases, 2 items that had none before",
            "undecided now: 2 cases on 2 items",
        ]


def test_make_opens_each_pair_once(regrade: Regrade) -> None:
    report = regrade("cases", "make", "--json").json
    assert report["labels"] == "reviewed@1"
    assert report["models"] == ["large", "small"]
    assert [report[key] for key in ("n_cases", "n_items", "n_new_cases", "n_new_items")] == [2, 2, 2, 2]
    again = regrade("cases", "make", "--json").json
    assert [again[key] for key in ("n_cases", "n_items", "n_new_cases", "n_new_items")] == [2, 2, 0, 0]


def test_only_the_named_models_mistakes(regrade: Regrade) -> None:
    assert regrade("cases", "make", "--model", "small", "--json").json["n_cases"] == 1


def test_list_names_item_class_and_status(regrade: Regrade) -> None:
    regrade("cases", "make")
    assert regrade("cases", "list").rows[1:] == [
        "photo_5.jpg 1 dough open 2 - - -",
        "photo_6.jpg 2 pretzel open 1 - - -",
    ]
    assert len(regrade("cases", "list", "--limit", 1).rows) == 2
    assert regrade("cases", "list", "--status", "decided", "--json").json == []
    first = regrade("cases", "list", "--json").json[0]
    assert (first["item_id"], first["class_id"], first["models"]) == ("photo_5.jpg", 1, ["large", "small"])


def test_without_cases_it_says_what_to_do(regrade: Regrade) -> None:
    assert "regrade cases make" in regrade("cases", "list").err


def test_export_writes_a_row_a_case(regrade: Regrade) -> None:
    regrade("cases", "make")
    assert regrade("cases", "export", "cases.csv").out == "cases.csv: 2 cases\n"
    with Path("cases.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["item_id"], row["class_name"], row["models"]) for row in rows] == [
        ("photo_5.jpg", "dough", "large;small"),
        ("photo_6.jpg", "pretzel", "large"),
    ]
