"""The size of an image before it is sent."""

from __future__ import annotations

import numpy as np
from PIL import ExifTags, Image

from regrade.web.images import ImageSize, image_size
from regrade.workflow.media import item_token, render_media
from regrade.workflow.workspace import Workspace


def test_the_size_is_that_of_the_image_as_sent(still_ws: Workspace) -> None:
    assert image_size(still_ws, item_token(still_ws, "main", 0)) == ImageSize(160, 120)


def test_a_large_or_turned_image_is_measured_as_it_will_be_seen(ws: Workspace) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (200, 100)).save(ws.folder / "media" / "img_1.png", exif=exif)
    Image.new("RGB", (3000, 1500)).save(ws.folder / "media" / "img_2.png")
    Image.fromarray(np.ones((90, 70), np.float32)).save(ws.folder / "media" / "img_3.png", "TIFF")  # has no sketch
    sizes = [image_size(ws, item_token(ws, "main", item)) for item in (1, 2, 3)]
    assert sizes == [ImageSize(100, 200), ImageSize(2048, 1024), ImageSize(70, 90)]
    for item, size in zip((1, 2, 3), sizes, strict=True):
        image = render_media(ws, item_token(ws, "main", item))
        assert ImageSize(image.width, image.height) == size


def test_what_cannot_be_read_has_none(ws: Workspace) -> None:
    (ws.folder / "media" / "img_1.png").write_bytes(b"<svg/>")
    assert image_size(ws, item_token(ws, "main", 1)) is None
    assert image_size(ws, "0" * 16) is None


def test_small_is_up_to_64_pixels_a_side() -> None:
    assert ImageSize(8, 64).is_small
    assert not ImageSize(8, 65).is_small
