"""The items of a split, from a folder of images or of class folders."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from regrade.errors import InputError
from regrade.formats.class_cells import UNKNOWN, ClassLookup
from regrade.formats.classes import CLASS_FILE_COLUMNS, name_classes
from regrade.formats.item_ids import refuse_repeated_texts
from regrade.formats.normalization import normalize, refuse_control_characters
from regrade.formats.places import Place, list_some, show
from regrade.records.classes import ClassList
from regrade.records.items import NO_LABEL, Split

DESCRIPTION = "a folder of raster images, or of class folders named by key, class id or unique name"

IMAGE_SUFFIXES = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})
"""Raster images only, in any case: vector images can carry scripts."""


@dataclass(frozen=True, slots=True, eq=False)
class ScannedImages:
    """The images that a folder holds."""

    split: Split
    n_skipped: int
    """Files and links in the folder that are no items."""
    warnings: tuple[str, ...]
    """What a person should know of it, in words."""


def scan_images(folder: Path, *, split: str, classes: ClassList) -> ScannedImages:
    """The images of a folder as items: the id is the path below the folder, with `/`, in NFC; sorted by id.

    Images that lie directly in the folder carry no label. Images in class folders (at any depth) carry the class of the
    topmost one. Other files, hidden ones, links to folders and links that leave the folder are skipped and counted.

    Args:
        folder: The folder.
        split: Name of the split.
        classes: The classes of the benchmark.

    Raises:
        InputError: No folder, no image in it, images both in it and in folders below it, a folder that names no class,
            or two paths that are one after Unicode normalization.
    """
    place = Place(str(folder))
    paths, n_skipped = _list_images(folder, place)
    if not paths:
        raise place.file_error(
            "at least one image",
            got=f"{n_skipped} other files",
            remedy=f"Images end in {', '.join(sorted(IMAGE_SUFFIXES))}.",
        )
    paths.sort(key=normalize)
    ids = [normalize(path) for path in paths]
    item_place = Place(str(folder), keys=paths)
    refuse_control_characters(ids, item_place)
    refuse_repeated_texts(ids, item_place, expected="paths that differ after Unicode normalization")
    labels = _label_by_folder(ids, classes, place)
    warnings = (f"{n_skipped} files that are no raster images were skipped.",) if n_skipped else ()
    return ScannedImages(Split(split, tuple(ids), np.array(labels, np.int32), tuple(paths)), n_skipped, warnings)


def name_class_folders(folder: Path) -> ClassList:
    """The folders in a folder as classes: each name is key and name, and the class ids are in the order of the names.

    Names are ordered by code point, as PyTorch's ImageFolder orders them; names that are all numbers by the number. A
    folder without an image is a class too. Hidden folders and links to folders are none.

    Raises:
        InputError: No folder, none in it, or a name that no class can have.
    """
    place = Place(str(folder))
    entries = _list_entries(folder, place)
    names = [row.name for row in entries if row.is_dir(follow_symlinks=False) and not row.name.startswith(".")]
    if not names:
        raise place.file_error(
            "one folder for each class",
            got="no folder in it",
            remedy=f"Name the classes with --classes FILE, a CSV with the columns {CLASS_FILE_COLUMNS}.",
        )
    are_numbers = all(name.isascii() and name.isdigit() for name in names)
    names.sort(key=(lambda name: (int(name), name)) if are_numbers else normalize)
    return name_classes(names, Place(str(folder), keys=names))


def _list_images(folder: Path, place: Place) -> tuple[list[str], int]:
    """Paths below the folder, with `/`, and the number of entries skipped."""
    root = Path(os.path.realpath(folder))
    paths: list[str] = []
    n_skipped = 0
    below = [""]
    while below:
        start = below.pop()
        for entry in _list_entries(folder / start, place):
            path = f"{start}{entry.name}"
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                below.append(f"{path}/")
            elif _is_image(entry, root):
                paths.append(path)
            else:
                n_skipped += 1
    return paths, n_skipped


def _list_entries(folder: Path, place: Place) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        got = error.strerror or type(error).__name__
        raise place.file_error("a readable folder", got=got, remedy="Check the path and its permissions.") from error


def _is_image(entry: os.DirEntry[str], root: Path) -> bool:
    if entry.name.startswith(".") or os.path.splitext(entry.name)[1].lower() not in IMAGE_SUFFIXES:  # noqa: PTH122 - no Path is made for each of a million entries
        return False
    stays = not entry.is_symlink() or Path(os.path.realpath(entry.path)).is_relative_to(root)
    return stays and Path(entry.path).is_file()


def _label_by_folder(ids: list[str], classes: ClassList, place: Place) -> list[int]:
    folders = [item_id.split("/", 1)[0] if "/" in item_id else "" for item_id in ids]
    names = dict.fromkeys(folders)
    if list(names) == [""]:
        return [NO_LABEL] * len(ids)
    if "" in names:
        raise place.file_error(
            "either images or class folders",
            got=f"images in the folder itself ({show(ids[folders.index('')])}) and in folders below it",
            remedy="Move them into class folders, or list the items in a CSV.",
        )
    lookup = ClassLookup(classes, names=True)
    found = {name: lookup.find_text(name) for name in names}
    unknown = [name for name, class_id in found.items() if class_id == UNKNOWN]
    if unknown:
        raise _unknown_folders(unknown, place)
    return [found[name] for name in folders]


def _unknown_folders(names: list[str], place: Place) -> InputError:
    return place.file_error(
        "class folders named by class key, class id or unique class name",
        got=list_some([show(name) for name in names]),
        remedy="Rename them, or list the items in a CSV.",
    )
