"""`regrade init`."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import CLASSES, ITEMS, Regrade


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "classes.csv").write_text(CLASSES, encoding="utf-8")
    (tmp_path / "items.csv").write_text(ITEMS, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("files")
def test_it_says_what_it_stored(regrade: Regrade) -> None:
    ran = regrade("init", "made", "--classes", "classes.csv", "--items", "items.csv")
    assert ran.out.splitlines()[0].startswith("made: 4 classes, 8 items (8 with a label, ")
    assert ran.out.splitlines()[1] == "labels: original@1"


@pytest.mark.usefixtures("files")
def test_json_says_the_same(regrade: Regrade) -> None:
    ran = regrade("init", "made", "--classes", "classes.csv", "--items", "items.csv", "--json")
    assert (ran.json["n_classes"], ran.json["n_items"], ran.json["n_labeled"]) == (4, 8, 8)
    assert ran.json["labels"] == "original@1"


@pytest.mark.usefixtures("files")
def test_a_second_time_is_a_conflict(regrade: Regrade) -> None:
    arguments = ("init", "made", "--classes", "classes.csv", "--items", "items.csv")
    regrade(*arguments)
    assert "made already holds a workspace" in regrade(*arguments, code=1).err


@pytest.mark.usefixtures("files")
def test_items_and_images_exclude_each_other(regrade: Regrade) -> None:
    said = regrade("init", "made", "--classes", "classes.csv", code=1).err
    assert "--items FILE" in said
    assert not Path("made").exists()


def test_reviewers_and_name_reach_the_settings(regrade: Regrade, files: Path) -> None:
    regrade(
        *("init", "made", "--classes", "classes.csv", "--items", "items.csv"), *("--reviewers", 3, "--name", "breads")
    )
    settings = (files / "made" / "regrade.toml").read_text(encoding="utf-8")
    assert 'name = "breads"' in settings
    assert "reviewers = 3" in settings


@pytest.mark.usefixtures("files")
def test_other_files_in_a_folder_of_images_are_skipped_and_counted(regrade: Regrade) -> None:
    folder = Path("images") / "bagel"
    folder.mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(folder / "one.png")
    (folder / "notes.txt").write_text("not an image", encoding="utf-8")
    ran = regrade("init", "made", "--classes", "classes.csv", "--images", "images")
    assert ran.out.splitlines() == [
        "made: 4 classes, 1 item (1 with a label, 1 with a media file)",
        "labels: original@1",
        "skipped: 1 file that is no raster image",
    ]


def make_photos(*paths: str) -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(path)


def test_without_a_classes_file_class_folders_are_the_classes(regrade: Regrade) -> None:
    make_photos("photos/dog/b.png", "photos/cat/deep/c.png", "photos/cat/a.png", "photos/Emu/d.png")
    (Path("photos") / "fish").mkdir()
    ran = regrade("init", "made", "--images", "photos")
    assert ran.out.splitlines() == [
        "made: 4 classes, 4 items (4 with a label, 4 with a media file)",
        "classes: the folders' names in sorted order: 0 Emu, 1 cat, 2 dog, 3 fish",
        "labels: original@1",
    ]
    rows = regrade("items", "list", "--json", "--workspace", "made").json
    assert [(row["id"], row["class_id"], row["key"], row["name"]) for row in rows] == [
        ("Emu/d.png", 0, "Emu", "Emu"),
        ("cat/a.png", 1, "cat", "cat"),
        ("cat/deep/c.png", 1, "cat", "cat"),
        ("dog/b.png", 2, "dog", "dog"),
    ]


def test_of_many_classes_the_first_are_printed(regrade: Regrade) -> None:
    make_photos(*(f"photos/{at}/one.png" for at in range(12)))
    said = regrade("init", "made", "--images", "photos").out.splitlines()[1]
    assert said.endswith(": 0 0, 1 1, 2 2, 3 3, 4 4, 5 5, 6 6, 7 7, 8 8, 9 9 and 2 more")


def test_without_class_folders_the_columns_of_a_classes_file_are_said(regrade: Regrade) -> None:
    make_photos("photos/a.png")
    said = regrade("init", "made", "--images", "photos", code=1).err
    assert "expected one folder for each class; got no folder in it" in said
    assert "--classes FILE, a CSV with the columns class_id (0, 1, 2, ...), key (or wnid) and name, " in said
