"""Where a panel elsewhere finds the images."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from regrade.errors import InputError
from regrade.workflow.media import item_token
from regrade.workflow.media_places import MediaPlace, place_media
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace


@pytest.mark.parametrize(
    ("prefix", "local", "expected"),
    [
        (None, "", "img_3.png"),
        (None, "/data/local-files/?d=", "/data/local-files/?d=img_3.png"),
        ("https://example.org/", "/data/local-files/?d=", "https://example.org/img_3.png"),
    ],
)
def test_images_stay_where_they_are(ws: Workspace, prefix: str | None, local: str, expected: str) -> None:
    assert place_media(ws, "main", [3], MediaPlace(prefix=prefix), local=local) == {3: expected}


def test_copies_have_names_that_tell_nothing(ws: Workspace, tmp_path: Path) -> None:
    token = item_token(ws, "main", 3)
    done: list[tuple[int, int]] = []
    place = MediaPlace(copy_to=tmp_path / "new" / "panel")
    found = place_media(ws, "main", [3, 5], place, local="/d=", progress=lambda *step: done.append(step))
    assert found[3] == f"/d=panel/{token}.jpeg"
    with Image.open(tmp_path / "new" / "panel" / f"{token}.jpeg") as image:
        assert image.size == (80, 60)
    assert done == [(0, 2), (1, 2), (2, 2)]
    elsewhere = MediaPlace(copy_to=tmp_path / "panel", prefix="s3://bucket/")
    assert place_media(ws, "main", [3], elsewhere) == {3: f"s3://bucket/{token}.jpeg"}


def test_paths_are_quoted_in_addresses_only(tmp_path: Path, benchmark: Path) -> None:
    (benchmark / "media" / "a b&c.png").write_bytes((benchmark / "media" / "img_0.png").read_bytes())
    (benchmark / "odd.csv").write_text("file\na b&c.png\n")
    init_workspace(
        tmp_path / "w", classes=benchmark / "classes.csv", items=benchmark / "odd.csv", media=benchmark / "media"
    )
    with open_workspace(tmp_path / "w") as ws:
        assert place_media(ws, "main", [0], MediaPlace()) == {0: "a b&c.png"}
        assert place_media(ws, "main", [0], MediaPlace(prefix="/x?d=")) == {0: "/x?d=a%20b%26c.png"}


def test_items_without_an_image_are_named_where_one_is_needed(ws: Workspace) -> None:
    (ws.folder / "bare.csv").write_text("id\nx0\nx1\n")
    add_split(ws, "bare", items=ws.folder / "bare.csv")
    assert place_media(ws, "bare", [0, 1], MediaPlace(prefix="https://example.org/")) == {0: "", 1: ""}
    with pytest.raises(InputError, match=r"an image for every item; got none for x0 \(2 in all\)\. Write a table"):
        place_media(ws, "bare", [0, 1], MediaPlace(), local="/d=")


def test_a_folder_that_cannot_be_made_is_named(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="file/panel: expected a folder to copy images to"):
        place_media(ws, "main", [0], MediaPlace(copy_to=tmp_path / "file" / "panel"))
