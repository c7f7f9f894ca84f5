"""Where items come from: tables and dataframes, image folders, and the media files that are there."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from regrade.errors import InputError
from regrade.workflow.item_sources import ItemsSource, read_split
from regrade.workflow.workspace import Workspace, add_split

FRAME = pl.DataFrame({"image": ["a.png", "b.png"], "class_id": [1, 0]})


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "photos" / "a.png")
    return tmp_path / "photos"


def test_a_dataframe_is_a_split(ws: Workspace, photos: Path) -> None:
    report = add_split(ws, "second", items=FRAME, id_column="image", media=photos)
    assert (report.n_items, report.n_labeled, report.n_media) == (2, 2, 2)
    assert report.warnings == ("1 of 2 media files are not in photos",)
    assert ws.split("second").ids == ("a.png", "b.png")
    assert ws.media_root("second") == photos


def test_a_dataframe_has_no_media_unless_their_folder_is_named(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, photos: Path
) -> None:
    report = add_split(ws, "second", items=FRAME, id_column="image")
    assert (report.n_media, len(report.warnings)) == (0, 1)
    assert report.warnings[0].startswith("the dataframe names media files, but not their folder")
    monkeypatch.chdir(photos)  # where one of them happens to stand
    again = add_split(ws, "second", items=FRAME, id_column="image")
    assert again.n_media == 0
    plain = FRAME.with_columns(image=pl.Series(["a", "b"]))
    assert add_split(ws, "third", items=plain, id_column="image").warnings == ()


@pytest.mark.parametrize(
    "source",
    [
        ItemsSource(),
        ItemsSource(items=FRAME, images=Path()),
        ItemsSource(images=Path(), media=Path()),
        ItemsSource(images=Path(), id_column="image"),
    ],
    ids=["nothing", "both", "media of a folder", "ids of a folder"],
)
def test_exactly_one_source_is_named(ws: Workspace, source: ItemsSource) -> None:
    with pytest.raises(InputError, match=r"expected one of an items file .*, an image folder and a dataset"):
        read_split("second", ws.classes, source)


def test_a_media_folder_without_the_files_is_refused(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a folder with the items' media files"):
        read_split("second", ws.classes, ItemsSource(items=FRAME, id_column="image", media=tmp_path))
