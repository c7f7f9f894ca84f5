"""Copies of an image among others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from regrade.workflow.sketches import find_lookalikes
from regrade.workflow.workspace import Workspace, init_workspace, open_workspace

FILES = ("photo.jpg", "same.jpg", "again.jpg", "as.png", "smaller.jpg", "flipped.jpg", "other.jpg", "broken.jpg")


def make_photos(folder: Path) -> None:
    """A scene of smooth random shapes, copies of it, and another scene."""
    folder.mkdir()
    rng = np.random.default_rng(5)

    def scene() -> Image.Image:
        blobs = rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        return Image.fromarray(blobs).resize((240, 180), Image.Resampling.BICUBIC)

    photo = scene()
    photo.save(folder / "photo.jpg", quality=90)
    (folder / "same.jpg").write_bytes((folder / "photo.jpg").read_bytes())
    photo.save(folder / "again.jpg", quality=50)
    photo.save(folder / "as.png")
    photo.resize((120, 90)).save(folder / "smaller.jpg")
    photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(folder / "flipped.jpg")
    scene().save(folder / "other.jpg")
    (folder / "broken.jpg").write_bytes(b"no image")


def open_photos(tmp_path: Path, *, n_classes: int = 1) -> Workspace:
    make_photos(tmp_path / "media")
    classes = [f"{class_id},k{class_id},class {class_id}\n" for class_id in range(n_classes)]
    (tmp_path / "classes.csv").write_text("".join(["class_id,key,name\n", *classes]))
    (tmp_path / "items.csv").write_text("".join(["file,class_id\n", *(f"{name},0\n" for name in FILES)]))
    init_workspace(
        tmp_path / "bench", classes=tmp_path / "classes.csv", items=tmp_path / "items.csv", media=tmp_path / "media"
    )
    return open_workspace(tmp_path / "bench")


def test_copies_are_found_and_other_pictures_are_not(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        alike = find_lookalikes(ws, "main", 0, range(len(FILES)))
    # The same size and the same picture; what was resized or turned is documented as not found.
    assert {FILES[item] for item in alike} == {"photo.jpg", "same.jpg", "again.jpg", "as.png"}


def test_what_cannot_be_read_is_like_nothing_but_itself(tmp_path: Path) -> None:
    with open_photos(tmp_path) as ws:
        broken = FILES.index("broken.jpg")
        assert find_lookalikes(ws, "main", broken, range(len(FILES))) == {broken}


def test_an_image_that_was_passed_over_for_its_size_is_still_found_beside_one_of_that_size(tmp_path: Path) -> None:
    """Beside the photo the smaller one's pixels are not looked at; beside its own copy they are."""
    with open_photos(tmp_path) as ws:
        smaller, copied = FILES.index("smaller.jpg"), FILES.index("broken.jpg")
        (tmp_path / "media" / "broken.jpg").write_bytes((tmp_path / "media" / "smaller.jpg").read_bytes())
        assert find_lookalikes(ws, "main", 0, [smaller, copied]) == frozenset()
        assert find_lookalikes(ws, "main", copied, [0, smaller]) == {smaller}
