"""The images of a dataset: raster files in its rows, or beside it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from PIL import Image, UnidentifiedImageError

from regrade.errors import InputError
from regrade.extras import import_extra
from regrade.formats.huggingface.opening import OpenDataset
from regrade.formats.places import show

SUFFIXES = MappingProxyType(
    {"BMP": ".bmp", "GIF": ".gif", "JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WEBP": ".webp"}
)
"""Raster formats, as Pillow names them, and the endings of their files."""
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Picture:
    """The image of one row."""

    path: str | None
    """Its file, or the name that it had; None where the dataset says none."""
    data: bytes | None
    """The file's content, where the row holds it."""


def iter_pictures(opened: OpenDataset, column: str) -> Iterator[Picture | None]:
    """The image of each row, in order; None where a row has none."""
    image = import_extra("datasets", "huggingface").Image
    rows = opened.data.select_columns([column]).cast_column(column, image(decode=False))
    for batch in rows.with_format("arrow").iter(_AT_ONCE):
        for cell in batch[column].to_pylist():
            is_there = cell is not None and (cell["bytes"] is not None or cell["path"])
            yield Picture(cell["path"] or None, cell["bytes"]) if is_there else None


def name_images(opened: OpenDataset, column: str) -> tuple[str, ...] | None:
    """What each image's file is called; None where a row has no image, or one without a name.

    A file below the dataset's own folder is called by its path there, any other by its name alone.
    """
    files = find_files(opened, column)
    if files is not None:
        return files
    paths = [picture.path if picture else None for picture in iter_pictures(opened, column)]
    names = tuple(PurePosixPath(path).name for path in paths if path)
    return names if len(names) == len(paths) else None


def read_content(picture: Picture, opened: OpenDataset, row: int) -> bytes:
    """The content of an image's file.

    Raises:
        InputError: It stands outside of the dataset and cannot be read.
    """
    if picture.data is not None:
        return picture.data
    try:
        return Path(picture.path or "").read_bytes()
    except OSError as error:
        got = f"{show(picture.path)} ({error.strerror or type(error).__name__})"
        raise opened.place.error("an image that can be read", got=got, rows=[row]) from error


def find_suffix(data: bytes, opened: OpenDataset, row: int) -> str:
    """The ending of a raster image's file, told by its content.

    Raises:
        InputError: It is no raster image.
    """
    try:
        with Image.open(io.BytesIO(data), formats=tuple(SUFFIXES)) as image:
            return SUFFIXES[image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, KeyError) as error:
        raise _no_image(opened, row, type(error).__name__) from error


def _no_image(opened: OpenDataset, row: int, why: str) -> InputError:
    return opened.place.error(
        f"raster images ({', '.join(SUFFIXES)})", got=f"something else ({why})", rows=[row], remedy="Leave the row out."
    )


def find_files(opened: OpenDataset, column: str) -> tuple[str, ...] | None:
    """Paths of all images below the dataset's own folder, with `/`; None where not all of them are files there."""
    if opened.folder is None:
        return None
    root = opened.folder.resolve()
    paths: list[str] = []
    for picture in iter_pictures(opened, column):
        path = None if picture is None or picture.path is None else Path(picture.path)
        if path is None or not path.is_relative_to(root) or not path.is_file():
            return None
        paths.append(path.relative_to(root).as_posix())
    return tuple(paths)
