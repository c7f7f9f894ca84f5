"""Images from bytes, as people and models get them. More of it, on files, stands in `test_media.py`."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import ExifTags, Image

from regrade.workflow.decoding import UndecodableError, decode, render, sketch, upright_size


def file_of(image: Image.Image, kind: str = "TIFF", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shown(data: bytes) -> npt.NDArray[np.uint8]:
    """The pixels that people see."""
    with Image.open(io.BytesIO(decode(data, lambda image: render(image, "full")))) as image:
        return np.asarray(image)


@pytest.mark.parametrize("orientation", range(9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_the_upright_size_is_that_of_the_image_that_people_see(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    data = file_of(Image.new("RGB", (90, 70)), kind, exif=exif)
    height, width = shown(data).shape[:2]
    assert (width, height) == ((70, 90) if orientation >= 5 else (90, 70))
    assert decode(data, upright_size) == (width, height)


def test_greys_are_scaled_from_their_own_range() -> None:
    # 100 is the darkest and 300 the lightest; 200 lies half-way, and 255 / 2 = 127.5 is cut to 127.
    for dtype in (np.uint16, np.int32, np.float32):
        assert shown(file_of(Image.fromarray(np.array([[100, 200, 300]], dtype)))).tolist() == [[0, 127, 255]]


def test_greys_of_several_stripes_share_one_range() -> None:
    greys = np.zeros((3000, 1000), np.float32)  # three million pixels: three stripes
    greys[0], greys[-1] = -1.0, 3.0
    image = shown(file_of(Image.fromarray(greys)))  # at most 2048 pixels high
    # From -1 to 3: zero lies a quarter up, and 255 / 4 = 63.75 is cut to 63.
    assert (image.shape, int(image[1000, 300])) == ((2048, 683), 63)


def test_what_is_no_number_is_black() -> None:
    greys = np.array([[np.nan, 1.0, 2.0, np.inf, -np.inf]], np.float32)
    assert shown(file_of(Image.fromarray(greys))).tolist() == [[0, 0, 255, 0, 0]]
    assert shown(file_of(Image.fromarray(np.full((1, 2), np.nan, np.float32)))).tolist() == [[0, 0]]


def test_big_endian_greys_are_shown() -> None:
    greys = np.array([[1000, 2000]], ">u2")
    header = b"MM\0*" + (8).to_bytes(4, "big")
    tags = [(256, 4, 2), (257, 4, 1), (258, 3, 16 << 16), (259, 3, 1 << 16), (262, 3, 1 << 16), (273, 4, 122)]
    tags += [(277, 3, 1 << 16), (278, 4, 1), (279, 4, 4)]  # nine entries of twelve bytes: 8 + 2 + 9 * 12 + 4 = 122
    entries = b"".join(
        tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + (1).to_bytes(4, "big") + value.to_bytes(4, "big")
        for tag, kind, value in tags
    )
    data = header + len(tags).to_bytes(2, "big") + entries + bytes(4) + greys.tobytes()
    assert shown(data).tolist() == [[0, 255]]


@pytest.mark.parametrize(("kind", "size"), [("JPEG", 500), ("JPEG", 32), ("GIF", 500)])
def test_what_a_file_says_beside_its_pixels_is_not_sent(kind: str, size: int) -> None:
    data = file_of(Image.new("L", (size, size)), kind, comment=b"surely a bagel")
    assert b"surely a bagel" in data
    assert b"bagel" not in decode(data, lambda image: render(image, "thumb"))


def test_an_animation_shows_its_first_image() -> None:
    frames = [Image.new("L", (9, 9), grey) for grey in (40, 200)]
    data = file_of(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert shown(data)[0, 0].tolist() in (40, [40, 40, 40])


def test_a_sketch_holds_grey_levels() -> None:
    left, right = Image.new("L", (80, 160), 30), Image.new("L", (160, 160), 210)
    right.paste(left, (0, 0))
    levels = decode(file_of(right, "PNG"), sketch)
    assert (levels.shape, levels[:, 0].tolist(), levels[:, 15].tolist()) == ((16, 16), [30] * 16, [210] * 16)


def test_what_came_instead_is_said() -> None:
    with pytest.raises(UndecodableError, match=r"^no readable raster image \(UnidentifiedImageError\)$"):
        decode(b"", sketch)
    with pytest.raises(UndecodableError, match=r"^20000 x 4000 pixels, more than 64,000,000$"):
        decode(file_of(Image.new("1", (20_000, 4_000)), "PNG"), sketch)
