"""Images in the rows of a dataset and beside it."""

from __future__ import annotations

from pathlib import Path

import datasets
import pytest

from regrade.errors import InputError
from regrade.formats import DatasetSource
from regrade.formats.huggingface.opening import open_dataset
from regrade.formats.huggingface.pictures import (
    SUFFIXES,
    Picture,
    find_files,
    find_suffix,
    iter_pictures,
    name_images,
    read_content,
)
from tests.formats.huggingface.conftest import Make, encode


def test_images_come_as_they_were_stored(make: Make) -> None:
    jpeg = encode(7, "JPEG")
    photos = [{"bytes": jpeg, "path": "a.jpg"}, None, {"bytes": encode(3), "path": None}]
    with open_dataset(make(photo=(datasets.Image(), photos))) as opened:
        assert list(iter_pictures(opened, "photo")) == [Picture("a.jpg", jpeg), None, Picture(None, encode(3))]
        assert name_images(opened, "photo") is None
        assert find_files(opened, "photo") is None


@pytest.mark.parametrize("kind", SUFFIXES)
def test_the_ending_follows_the_content(make: Make, kind: str) -> None:
    with open_dataset(make("label")) as opened:
        assert find_suffix(encode(1, kind), opened, 0) == SUFFIXES[kind]


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", encode(1)[:20]])
def test_what_is_no_raster_image_names_its_row(make: Make, data: bytes) -> None:
    with open_dataset(make("label")) as opened, pytest.raises(InputError, match="row index 4: expected raster images"):
        find_suffix(data, opened, 4)


def test_files_of_a_folder_are_named_by_their_paths(tmp_path: Path) -> None:
    for name in ("cat/1.png", "cat/deep/2.png", "dog/1.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(encode(1))
    with open_dataset(DatasetSource(content=tmp_path)) as opened:
        assert find_files(opened, "image") == ("cat/1.png", "cat/deep/2.png", "dog/1.png")
        assert name_images(opened, "image") == find_files(opened, "image")


def test_a_file_elsewhere_is_read_or_said_to_be_missing(make: Make, tmp_path: Path) -> None:
    (tmp_path / "there.png").write_bytes(encode(9))
    with open_dataset(make("label")) as opened:
        assert read_content(Picture(str(tmp_path / "there.png"), None), opened, 0) == encode(9)
        with pytest.raises(InputError, match=r"row index 2: expected an image that can be read; got .*No such file"):
            read_content(Picture(str(tmp_path / "absent.png"), None), opened, 2)
