"""`regrade cases`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PIL import Image

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


def test_list_as_csv_writes_a_row_a_case(regrade: Regrade) -> None:
    regrade("cases", "make")
    rows = list(csv.DictReader(regrade("cases", "list", "--csv").out.splitlines()))
    assert [(row["item_id"], row["class_name"], row["models"]) for row in rows] == [
        ("photo_5.jpg", "dough", "large;small"),
        ("photo_6.jpg", "pretzel", "large"),
    ]


def test_export_asks_a_panel_elsewhere(regrade: Regrade) -> None:
    regrade("cases", "make")
    # photo_5 shows its label 2 and the predicted 1, photo_6 its label 3 and the predicted 2
    assert regrade("cases", "export", "ask.csv").out == "ask.csv: 2 screens as csv, 4 classes in all\n"
    with Path("ask.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sorted((row["media"], row["class_id"], row["verdict"]) for row in rows) == [
        ("", "1", ""),
        ("", "2", ""),
        ("", "2", ""),
        ("", "3", ""),
    ]
    for row in rows:
        row |= {"verdict": "wrong" if row["class_id"] == "1" else "correct"}
    with Path("filled.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    for name in ("eve", "fay"):
        regrade("reviews", "import", "filled.csv", "--by", name)
    assert regrade("cases", "list").rows[1:] == [
        "photo_5.jpg 1 dough decided 2 wrong - -",
        "photo_6.jpg 2 pretzel decided 1 correct - -",
    ]
    assert regrade("cases", "export", "kind.csv", "--pass", "kind").out == "kind.csv: 1 screen as csv, 1 class in all\n"


def test_label_studio_needs_images(regrade: Regrade) -> None:
    regrade("cases", "make")
    assert "an image for every item; got none for photo_5.jpg (2 in all)" in (
        regrade("cases", "export", "tasks.json", code=1).err
    )
    assert not Path("tasks.json").exists()


def test_tasks_for_label_studio_have_their_configuration_and_images_beside_them(
    regrade: Regrade, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("images/bagel").mkdir(parents=True)
    for at in range(3):
        Image.new("RGB", (8, 8), (at, 0, 0)).save(f"images/bagel/{at}.png")
    regrade("init", "shown", "--classes", "classes.csv", "--images", "images")
    monkeypatch.setenv("REGRADE_WORKSPACE", "shown")
    Path("m.csv").write_text("file,predicted_class\nbagel/0.png,1\nbagel/1.png,0\nbagel/2.png,0\n")
    regrade("predictions", "import", "m.csv")
    regrade("cases", "make")
    ran = regrade("cases", "export", "tasks.json", "--media", "copies")
    assert ran.out.splitlines() == [
        "tasks.json: 1 task as label-studio, 2 classes in all",
        "tasks.xml: the labeling configuration",
        "copies: 1 image",
    ]
    assert len(list(Path("copies").iterdir())) == 1
    told = regrade("cases", "export", "tasks.json", "--media-url", "https://example.org/")
    assert "may tell the label: 1, such as https://example.org/bagel/0.png" in told.err
