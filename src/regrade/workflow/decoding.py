"""Images from bytes: raster formats only, none too large. A child process loads this, so it needs little but Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

RASTER_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
"""What is decoded; all else is refused, whatever its name ends with."""
SENT_FORMATS = ("PNG", "JPEG")
"""What images are sent as."""
MAX_PIXELS = 64_000_000
FULL_SIZE = 2048
"""Longer side of the largest image sent, in pixels."""
THUMB_SIZE = 320
"""Longer side of a thumbnail, in pixels."""
SKETCH_SIZE = 16
"""Pixels a side of the sketch by which copies of an image are told."""
PIXELATED_SIZE = 64
"""Up to this longer side an image is sent as it is, lossless."""
_KEPT_FACTS = frozenset({"icc_profile", "transparency"})
"""What a file says beside its pixels and is sent on; a comment may tell a label."""
_LYING = frozenset(range(5, 9))
"""EXIF orientations of images that lie on one side."""
_STRIPE = 1_000_000
"""Pixels of a grey image that are scaled at a time: as floats they take eight times their room."""

ImageSize = Literal["full", "thumb"]
Made = TypeVar("Made")


class UndecodableError(Exception):
    """Bytes are no raster image, or one that is damaged or too large; the text says what came instead."""


def decode(data: bytes, convert: Callable[[Image.Image], Made]) -> Made:
    """What `convert` makes of the first image in a file.

    Raises:
        UndecodableError: There is none that can be read.
    """
    try:
        with Image.open(io.BytesIO(data), formats=RASTER_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UndecodableError(f"{image.width} x {image.height} pixels, more than {MAX_PIXELS:,}")
            image.seek(0)
            return convert(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise UndecodableError(f"no readable raster image ({type(error).__name__})") from error


def render(image: Image.Image, size: ImageSize) -> bytes:
    """An image as people are sent it: upright, at most so large, as JPEG, or PNG where it is small or transparent."""
    return _encode(_for_people(image), size)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of the image as `render` turns it."""
    if image.format == "TIFF":  # Pillow turns these by itself
        return image.size
    is_turned = image.getexif().get(ExifTags.Base.Orientation, 1) in _LYING
    return (image.height, image.width) if is_turned else image.size


def for_model(image: Image.Image) -> Image.Image:
    """Any mode as RGB, as Pillow converts it; 16-bit greys are scaled from their whole range."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) // 257).astype(np.uint8)).convert("RGB")
    if image.mode in {"I", "F"}:
        raise ValueError("32 bits a pixel: their range is unknown")
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    return image.convert("RGB")


def sketch(image: Image.Image) -> npt.NDArray[np.uint8]:
    """(SKETCH_SIZE, SKETCH_SIZE) grey levels. A JPEG is decoded at a fraction of its size, which is much faster."""
    image.draft("L", (4 * SKETCH_SIZE, 4 * SKETCH_SIZE))
    small = for_model(image).convert("L").resize((SKETCH_SIZE, SKETCH_SIZE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.uint8)


def _for_people(image: Image.Image) -> Image.Image:
    """Upright, any mode as L, RGB or RGBA: 16-bit greys are scaled, palettes and CMYK converted."""
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in {"I;16", "I;16B", "I;16L", "I", "F"}:
        return _as_grey(image)
    if image.mode in {"L", "RGB", "RGBA"}:
        return image
    return image.convert("RGBA" if "transparency" in image.info or image.mode in {"LA", "PA"} else "RGB")


def _as_grey(image: Image.Image) -> Image.Image:
    """Greys of more than 8 bits, scaled from their own range. What is no finite number is black."""
    low, high = np.inf, -np.inf
    for stripe in _stripes(image):
        finite = stripe[np.isfinite(stripe)]
        low, high = finite.min(initial=low), finite.max(initial=high)
    if not low < high:  # of one grey, or of no number at all
        return Image.new("L", image.size)
    rows = [
        np.where(np.isfinite(stripe), (np.nan_to_num(stripe).clip(low, high) - low) / (high - low) * 255.0, 0.0).astype(
            np.uint8
        )
        for stripe in _stripes(image)
    ]
    return Image.fromarray(np.concatenate(rows))


def _stripes(image: Image.Image) -> Iterator[npt.NDArray[np.float64]]:
    """The image from top to bottom, a few rows at a time."""
    height = max(1, _STRIPE // image.width)
    for top in range(0, image.height, height):
        yield np.asarray(image.crop((0, top, image.width, min(top + height, image.height))), dtype=np.float64)


def _encode(image: Image.Image, size: ImageSize) -> bytes:
    out = io.BytesIO()
    image.info = {name: value for name, value in image.info.items() if name in _KEPT_FACTS}
    if max(image.size) <= PIXELATED_SIZE:
        image.save(out, "PNG")
        return out.getvalue()
    side = THUMB_SIZE if size == "thumb" else FULL_SIZE
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    if image.mode == "RGBA":
        image.save(out, "PNG")
    else:
        image.save(out, "JPEG", quality=82 if size == "thumb" else 92)
    return out.getvalue()
