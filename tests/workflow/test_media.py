"""Media: opaque tokens, raster only, contained."""

from __future__ import annotations

import io
import os
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from regrade.errors import NotFoundError
from regrade.workflow.decoders import DECODERS
from regrade.workflow.media import (
    MediaError,
    find_item,
    item_token,
    load_image,
    media_token,
    recall_media,
    render_media,
)
from regrade.workflow.workspace import Workspace, add_split, init_workspace, open_workspace


def test_a_token_leads_to_its_item_and_tells_nothing(ws: Workspace) -> None:
    tokens = [item_token(ws, "main", item) for item in range(8)]
    assert [find_item(ws, token) for token in tokens] == [("main", item) for item in range(8)]
    assert len(set(tokens)) == 8
    assert tokens != sorted(tokens)


@pytest.mark.parametrize("token", ["", "0", "0" * 16, "../../secret", "g" * 16, "ff" * 40, "-1"])
def test_a_made_up_token_is_not_found(ws: Workspace, token: str) -> None:
    with pytest.raises(NotFoundError, match="no such item"):
        render_media(ws, token)


def test_large_images_are_jpeg_and_small_ones_png(ws: Workspace) -> None:
    root = ws.media_root("main")
    Image.new("RGB", (3000, 1500), "red").save(root / "img_1.png")
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(root / "img_2.png")
    large = render_media(ws, item_token(ws, "main", 1))
    assert (large.media_type, large.width, large.height) == ("image/jpeg", 2048, 1024)
    thumb = render_media(ws, item_token(ws, "main", 1), size="thumb")
    assert (thumb.width, thumb.height) == (320, 160)
    small = render_media(ws, item_token(ws, "main", 2), size="thumb")
    assert (small.media_type, small.width, small.height) == ("image/png", 8, 8)
    with Image.open(io.BytesIO(small.data)) as image:
        assert np.asarray(image).tolist() == np.arange(64).reshape(8, 8).tolist()


def test_what_is_in_the_cache_needs_no_decoding(ws: Workspace) -> None:
    token = item_token(ws, "main", 0)
    first = render_media(ws, token)
    assert DECODERS.pids()
    DECODERS.close()
    assert render_media(ws, token) == first
    assert DECODERS.pids() == ()


def test_thumbnails_stay_in_memory(ws: Workspace) -> None:
    token = item_token(ws, "main", 0)
    assert recall_media(ws, token, size="thumb") is None
    small = render_media(ws, token, size="thumb")
    render_media(ws, token)
    shutil.rmtree(ws.folder / "cache")
    assert recall_media(ws, token, size="thumb") == small
    assert render_media(ws, token, size="thumb") == small
    assert recall_media(ws, token, size="full") is None
    assert not (ws.folder / "cache").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_cache_is_private(ws: Workspace) -> None:
    token = item_token(ws, "main", 0)
    render_media(ws, token)
    places = [ws.folder / "cache", *(ws.folder / "cache").rglob("*")]
    modes = {str(path.relative_to(ws.folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in places}
    folders = dict.fromkeys(["cache", "cache/full", f"cache/full/{token[:2]}"], "0o700")
    assert modes == {**folders, f"cache/full/{token[:2]}/{token}": "0o600"}


def test_many_visitors_at_once_get_their_own_images(ws: Workspace) -> None:
    for item in range(8):
        Image.new("L", (30 + item, 20)).save(ws.media_root("main") / f"img_{item}.png")
    tokens = [item_token(ws, "main", item) for item in range(8)] * 4
    with ThreadPoolExecutor(8) as pool:
        widths = [image.width for image in pool.map(lambda token: render_media(ws, token), tokens)]
    assert widths == [30, 31, 32, 33, 34, 35, 36, 37] * 4


def test_exif_rotation_is_applied(ws: Workspace) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100), "blue").save(ws.media_root("main") / "img_0.png", exif=exif)
    image = render_media(ws, item_token(ws, "main", 0))
    assert (image.width, image.height) == (100, 200)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "I", "F", "RGBA", "YCbCr"])
def test_any_mode_gives_an_image(ws: Workspace, mode: str) -> None:
    path = ws.media_root("main") / "img_0.png"
    Image.new(mode, (90, 70)).save(path, "TIFF")
    assert render_media(ws, item_token(ws, "main", 0)).width == 90


def hostile_file(path: Path, kind: str) -> None:
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "svg":
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
    elif kind == "html":
        path.write_text("<html><script>alert(1)</script></html>")
    elif kind == "truncated":
        data = io.BytesIO()
        Image.effect_noise((300, 300), 80).save(data, "PNG")
        path.write_bytes(data.getvalue()[: len(data.getvalue()) // 2])
    elif kind == "flood":
        Image.new("1", (20_000, 4_000)).save(path, "PNG")  # 80 megapixels in 10 kB
    elif kind == "endless":
        with path.open("r+b") as file:
            file.truncate(2**43)  # eight terabytes of nothing behind an image, which takes no room on the disk
    elif kind == "missing":
        path.unlink()
    elif kind == "folder":
        path.unlink()
        path.mkdir()


@pytest.mark.parametrize("kind", ["empty", "svg", "html", "truncated", "flood", "endless", "missing", "folder"])
def test_what_is_no_sound_raster_image_is_refused(ws: Workspace, kind: str) -> None:
    hostile_file(ws.media_root("main") / "img_0.png", kind)
    with pytest.raises(MediaError, match=r"img_0\.png"):
        render_media(ws, item_token(ws, "main", 0))


def test_a_link_out_of_the_media_folder_is_refused(ws: Workspace, tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    Image.new("RGB", (80, 80)).save(outside)
    path = ws.media_root("main") / "img_0.png"
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(MediaError, match="leaves the media folder"):
        render_media(ws, item_token(ws, "main", 0))


def test_items_of_a_split_that_is_added_later_are_found(ws: Workspace, tmp_path: Path) -> None:
    assert find_item(ws, item_token(ws, "main", 3)) == ("main", 3)
    (tmp_path / "more.csv").write_text("id,class_id\na,0\nb,1\n")
    add_split(ws, "more", items=tmp_path / "more.csv")
    assert find_item(ws, item_token(ws, "more", 1)) == ("more", 1)
    with pytest.raises(NotFoundError, match="no such item"):
        find_item(ws, "0" * 16)


def test_items_without_media_have_no_media_token(tmp_path: Path, benchmark: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("id,class_id\na,0\nb,1\n")
    init_workspace(tmp_path / "bare", classes=benchmark / "classes.csv", items=items)
    with open_workspace(tmp_path / "bare") as bare:
        assert media_token(bare, "main", 0) is None
        with pytest.raises(NotFoundError, match="no image"):
            render_media(bare, item_token(bare, "main", 0))


def test_a_model_gets_rgb_that_is_not_turned(ws: Workspace) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100), (0, 0, 255)).save(ws.media_root("main") / "img_0.png", exif=exif)
    image = load_image(ws, "main", 0)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("RGB", (200, 100), (0, 0, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "RGBA", "YCbCr"])
def test_a_model_gets_rgb_of_any_mode(ws: Workspace, mode: str) -> None:
    Image.new(mode, (90, 70)).save(ws.media_root("main") / "img_0.png", "TIFF")
    image = load_image(ws, "main", 0)
    assert (image.mode, image.size) == ("RGB", (90, 70))


def test_a_palette_with_transparency_gives_its_colors(ws: Workspace) -> None:
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 250, 120, 10])
    image.save(ws.media_root("main") / "img_0.png", transparency=bytes([0, 128]))
    assert load_image(ws, "main", 0).getpixel((0, 0)) == (250, 120, 10)


def test_16_bits_are_scaled_from_their_whole_range(ws: Workspace) -> None:
    # 257 is 1 of 255 steps, 65535 the last; the image's own range (257 to 32896) does not matter.
    Image.fromarray(np.array([[257, 32896]], np.uint16)).save(ws.media_root("main") / "img_0.png")
    image = load_image(ws, "main", 0)
    assert [image.getpixel((x, 0)) for x in range(2)] == [(1, 1, 1), (128, 128, 128)]


@pytest.mark.parametrize("mode", ["I", "F"])
def test_a_model_gets_no_values_of_unknown_range(ws: Workspace, mode: str) -> None:
    Image.new(mode, (9, 7)).save(ws.media_root("main") / "img_0.png", "TIFF")
    with pytest.raises(MediaError, match=r"img_0\.png: .* no readable raster image \(ValueError\)"):
        load_image(ws, "main", 0)


@pytest.mark.parametrize("kind", ["empty", "svg", "truncated", "flood", "missing", "folder"])
def test_a_model_gets_no_damaged_image(ws: Workspace, kind: str) -> None:
    hostile_file(ws.media_root("main") / "img_0.png", kind)
    with pytest.raises(MediaError, match=r"img_0\.png"):
        load_image(ws, "main", 0)


def test_a_model_gets_no_image_of_an_item_without_one(tmp_path: Path, benchmark: Path) -> None:
    items = tmp_path / "items.csv"
    items.write_text("id,class_id\na,0\nb,1\n")
    init_workspace(tmp_path / "bare", classes=benchmark / "classes.csv", items=items)
    with (
        open_workspace(tmp_path / "bare") as bare,
        pytest.raises(MediaError, match=r"b: .* got an item without a file"),
    ):
        load_image(bare, "main", 1)
