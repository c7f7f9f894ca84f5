"""Image folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.formats import name_class_folders, scan_images
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL


def make(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_a_folder_of_images_has_no_labels(tmp_path: Path, classes: ClassList) -> None:
    suffixes = ("b.JPG", "a.jpeg", "c.png", "d.webp", "e.Gif", "f.bmp", "g.tif", "h.TIFF")
    others = ("notes.txt", "logo.svg", "page.html", ".hidden.jpg", "._a.jpeg", "raw.npy", "png")
    scanned = scan_images(make(tmp_path, *suffixes, *others), split="photos", classes=classes)
    assert scanned.split.name == "photos"
    assert scanned.split.ids == scanned.split.media == tuple(sorted(suffixes))
    assert scanned.split.labels.tolist() == [NO_LABEL] * 8
    assert scanned.n_skipped == 7
    assert scanned.warnings == ("7 files that are no raster images were skipped.",)


def test_class_folders_are_named_by_key_id_or_unique_name(tmp_path: Path, classes: ClassList) -> None:
    make(tmp_path, "n1/b.png", "n1/deep/a.png", "1/x.png", "beagle/y.png")
    scanned = scan_images(tmp_path, split="main", classes=classes)
    assert scanned.split.ids == ("1/x.png", "beagle/y.png", "n1/b.png", "n1/deep/a.png")
    assert scanned.split.labels.tolist() == [1, 2, 0, 0]
    assert (scanned.n_skipped, scanned.warnings) == (0, ())


def test_links_are_followed_only_to_files_inside(tmp_path: Path, classes: ClassList) -> None:
    folder = make(tmp_path / "in", "a.png", "b.png").resolve()
    outside = make(tmp_path / "out", "secret.png").resolve()
    (folder / "same.png").symlink_to(folder / "a.png")
    (folder / "leaves.png").symlink_to(outside / "secret.png")
    (folder / "leaves too.png").symlink_to(Path("..") / "out" / "secret.png")
    (folder / "broken.png").symlink_to(folder / "none.png")
    (folder / "loop.png").symlink_to(folder / "loop.png")
    (folder / "folder").symlink_to(outside)
    (folder / "round").symlink_to(folder)
    scanned = scan_images(folder, split="main", classes=classes)
    assert scanned.split.ids == ("a.png", "b.png", "same.png")
    assert scanned.n_skipped == 6


def test_a_linked_folder_itself_is_fine(tmp_path: Path, classes: ClassList) -> None:
    make(tmp_path / "in", "a.png")
    (tmp_path / "link").symlink_to(tmp_path / "in")
    assert scan_images(tmp_path / "link", split="main", classes=classes).split.ids == ("a.png",)


def test_ids_are_normalized_and_paths_are_as_on_disk(tmp_path: Path, classes: ClassList) -> None:
    split = scan_images(make(tmp_path, "cafe\u0301.png"), split="main", classes=classes).split
    assert (split.ids, split.media) == (("caf\u00e9.png",), ("cafe\u0301.png",))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        pytest.param(
            ["a.txt", ".b.png"], "expected at least one image; got 2 other files. Images end in .bmp", id="none"
        ),
        pytest.param([], "expected at least one image; got 0 other files", id="empty"),
        pytest.param(
            ["a.png", "n1/b.png"], "either images or class folders; got images in the folder itself .'a.png'", id="both"
        ),
        pytest.param(
            ["n1/a.png", "cat/b.png", "dog/b.png"], "named by class key, .*; got 'cat', 'dog'. Rename", id="unknown"
        ),
        pytest.param(
            ["crane/a.png"], "class folders named by class key, class id or unique class name; got 'crane'", id="two"
        ),
        pytest.param(["4/a.png"], "class folders named by .*; got '4'", id="C"),
        pytest.param(
            ["\u00e9.png", "e\u0301.png"], "item '.*.png': expected paths that differ after Unicode", id="one in NFC"
        ),
        pytest.param(["a\nb.png"], r"item 'a\\nb.png': expected a name without control characters", id="line break"),
    ],
)
def test_bad_folders_are_refused(tmp_path: Path, classes: ClassList, names: list[str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        scan_images(make(tmp_path, *names), split="main", classes=classes)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path, classes: ClassList) -> None:
    (tmp_path / os.fsdecode(b"\xff.png")).write_bytes(b"x")
    with pytest.raises(InputError, match=r"item '\\udcff.png': expected a name without control characters"):
        scan_images(tmp_path, split="main", classes=classes)


def test_no_folder_is_an_error_in_words(tmp_path: Path, classes: ClassList) -> None:
    make(tmp_path, "a.png")
    for path, got in ((tmp_path / "none", "No such file"), (tmp_path / "a.png", "Not a directory")):
        with pytest.raises(InputError, match=f"expected a readable folder; got {got}"):
            scan_images(path, split="main", classes=classes)


@pytest.mark.shared_data
def test_the_photos(shared_data: Path, imagenet_classes: ClassList) -> None:
    scanned = scan_images(shared_data / "images", split="photos", classes=imagenet_classes)
    assert len(scanned.split) == 1000
    assert scanned.split.ids[0] == "n01440764.jpg"
    assert scanned.n_skipped == 1  # images.csv


def test_class_folders_are_classes_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "B", ".git"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.txt").write_text("no folder")
    (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    classes = name_class_folders(tmp_path)
    assert classes.keys == classes.names == ("B", "a", "b")


def test_folders_that_are_numbers_are_ordered_by_them(tmp_path: Path) -> None:
    for number in range(11):
        (tmp_path / str(number)).mkdir()
    assert name_class_folders(tmp_path).keys == tuple(map(str, range(11)))


def test_numbers_that_are_no_class_ids_are_refused(tmp_path: Path) -> None:
    for name in ("1", "2"):
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match=r"a key that is no number .or is the class_id.; got '1'"):
        name_class_folders(tmp_path)


def test_without_class_folders_there_are_no_classes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"one folder for each class; got no folder in it\. Name the classes with"):
        name_class_folders(tmp_path)
