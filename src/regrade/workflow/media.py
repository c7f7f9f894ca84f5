"""Media: opaque tokens in place of file names, and raster images re-encoded before anyone receives them."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from regrade.errors import InputError, NotFoundError
from regrade.store import splits
from regrade.workflow.cache_files import CACHE_FOLDER, read_cached, write_cached
from regrade.workflow.decoder_child import Job
from regrade.workflow.decoders import DECODERS
from regrade.workflow.decoding import SENT_FORMATS, SKETCH_SIZE, ImageSize, UndecodableError, decode, for_model
from regrade.workflow.kept_images import KeptImages, RenderedImage
from regrade.workflow.workspace import Workspace

MAX_BYTES = 512 * 1024 * 1024
"""Of a file: as many pixels in 16 bits and four channels, as they are."""

_TOKEN = re.compile("[0-9a-f]{16}")

_JOBS: dict[ImageSize, Job] = {"full": Job.FULL, "thumb": Job.THUMB}


class MediaError(InputError):
    """A media file is no readable raster image."""


class FileStamp(NamedTuple):
    """What tells whether a file was written since."""

    changed_at: int
    """Nanoseconds."""
    n_bytes: int


class MediaFile(NamedTuple):
    """An open media file."""

    file: BinaryIO
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class ImageSketch:
    """What is looked at of an image to tell copies."""

    size: tuple[int, int]
    """Width and height in pixels, upright."""
    grey: npt.NDArray[np.uint8] | None
    """(SKETCH_SIZE, SKETCH_SIZE) grey levels; None where the pixels were not decoded."""
    stamp: FileStamp
    """Of the file that was looked at."""


def media_token(ws: Workspace, split: str, item: int) -> str | None:
    """The opaque token of an item's media: tells nothing of name, position or class; None where it has none."""
    return _token(ws, split, item) if ws.split(split).media[item] else None


def item_token(ws: Workspace, split: str, item: int) -> str:
    """The opaque token of an item, with or without media."""
    return _token(ws, split, item)


def find_item(ws: Workspace, token: str) -> tuple[str, int]:
    """The split and position that a token stands for.

    Raises:
        NotFoundError: No item has this token.
    """
    if _TOKEN.fullmatch(token):
        names = ws.kept(("split names",), lambda: _list_names(ws))
        found = _find_in(ws, names, token)
        if found is None:  # it may be of a split that was added since
            found = _find_in(ws, [name for name in _list_names(ws) if name not in names], token)
        if found is not None:
            return found
    raise NotFoundError("There is no such item.", remedy="Go back to the page that led here and reload it.")


def render_media(ws: Workspace, token: str, *, size: ImageSize = "full") -> RenderedImage:
    """An item's image, decoded and encoded anew: raster only, upright, at most FULL_SIZE (or THUMB_SIZE) pixels a side.

    What is not in the cache is decoded in a process of its own, within limits. Thumbnails stay in memory for a while.

    Raises:
        NotFoundError: No such item, or it has no media.
        MediaError: The file is missing, leaves the media folder, is damaged, or is no raster image.
    """
    image = recall_media(ws, token, size=size)
    if image is None:
        image = _render(ws, token, size)
        if size == "thumb":
            _kept_thumbnails(ws).keep(token, image)
    return image


def recall_media(ws: Workspace, token: str, *, size: ImageSize) -> RenderedImage | None:
    """What `render_media` gives, if it is in memory; it reads no file and waits for nothing."""
    return _kept_thumbnails(ws).find(token) if size == "thumb" else None


def _kept_thumbnails(ws: Workspace) -> KeptImages:
    return ws.kept(("thumbnails",), KeptImages)


def _render(ws: Workspace, token: str, size: ImageSize) -> RenderedImage:
    split, item = find_item(ws, token)
    relative = ws.split(split).media[item]
    if not relative:
        raise NotFoundError("This item has no image.")
    cached = ws.folder / CACHE_FOLDER / size / token[:2] / token
    data = read_cached(cached)
    if not data:
        with _open(ws.media_root(split), relative) as media:
            data = DECODERS.ask(_JOBS[size], media.file, media.stamp.n_bytes).data
        write_cached(cached, data)
    with Image.open(io.BytesIO(data), formats=SENT_FORMATS) as image:
        kind, (width, height) = image.format or "PNG", image.size
    etag = hashlib.sha256(data).hexdigest()[:32]
    return RenderedImage(data, f"image/{kind.lower()}", width, height, etag)


def load_image(ws: Workspace, split: str, item: int) -> Image.Image:
    """An item's image for a model: in RGB with 8 bits a channel, as its file holds it.

    It is not turned by what EXIF says of it, as torchvision and timm do not turn images either. It is decoded in this
    process: a run is the user's own, over files of theirs.

    Raises:
        MediaError: The item has no file, or it is missing, leaves the media folder, is damaged, or is no raster image.
    """
    with _open(ws.media_root(split), _path_of(ws, split, item)) as media:
        return decode(media.file.read(), for_model)


def sketch_image(ws: Workspace, split: str, item: int, *, of_size: tuple[int, int] | None = None) -> ImageSketch:
    """Look at an item's image as its file holds it: enough to tell a copy from another picture.

    Args:
        ws: The workspace.
        split: The item's split.
        item: The item.
        of_size: If the image is of another size, its pixels are not decoded.

    Raises:
        MediaError: As `load_image`.
    """
    with _open(ws.media_root(split), _path_of(ws, split, item)) as media:
        found = DECODERS.ask(Job.SKETCH, media.file, media.stamp.n_bytes, of_size=of_size or (0, 0))
        grey = np.frombuffer(found.data, np.uint8).reshape(SKETCH_SIZE, SKETCH_SIZE) if found.data else None
    return ImageSketch(found.size, grey, media.stamp)


def stamp_media(ws: Workspace, split: str, item: int) -> FileStamp | None:
    """What tells whether an item's file was written since; None: there is none."""
    try:
        status = (ws.media_root(split) / _path_of(ws, split, item)).stat()
    except (MediaError, OSError, ValueError):
        return None
    return FileStamp(status.st_mtime_ns, status.st_size)


def _path_of(ws: Workspace, split: str, item: int) -> str:
    relative = ws.split(split).media[item]
    if not relative:
        raise _media_error(ws.split(split).ids[item], "an item without a file")
    return relative


def _token(ws: Workspace, split: str, item: int) -> str:
    key = ws.store.secret()
    name = f"{split}\0{item}".encode()
    return hashlib.blake2b(name, key=key[:64], digest_size=8, person=b"item").hexdigest()


def _list_names(ws: Workspace) -> tuple[str, ...]:
    with ws.store.read() as tx:
        return tuple(row.name for row in splits.list_splits(tx))


def _find_in(ws: Workspace, names: Iterable[str], token: str) -> tuple[str, int] | None:
    wanted = np.uint64(int(token, 16))
    for name in names:
        tokens, order = _token_table(ws, name)
        at = int(np.searchsorted(tokens, wanted))
        if at < len(tokens) and tokens[at] == wanted:
            return name, int(order[at])
    return None


def _token_table(ws: Workspace, split: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """All tokens of a split in ascending order, and the position of each; made once."""
    return ws.kept(("tokens", split), lambda: _make_token_table(ws, split))


def _make_token_table(ws: Workspace, split: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    n_items = len(ws.split(split))
    tokens = np.fromiter((int(_token(ws, split, item), 16) for item in range(n_items)), np.uint64, n_items)
    order = np.argsort(tokens)
    return tokens[order], order


@contextmanager
def _open(root: Path, relative: str) -> Iterator[MediaFile]:
    """Open a file that really lies below `root`: what was opened is compared with where the path leads.

    What cannot be read or decoded within the block is a MediaError that names the file.
    """
    path = root / relative
    try:
        if not path.is_file():
            raise _media_error(relative, "no file")
        with path.open("rb") as file:
            real = path.resolve(strict=True)
            opened, named = os.fstat(file.fileno()), real.stat()
            if not real.is_relative_to(root.resolve()) or (opened.st_dev, opened.st_ino) != (
                named.st_dev,
                named.st_ino,
            ):
                raise _media_error(relative, "a path that leaves the media folder")
            if opened.st_size > MAX_BYTES:
                raise _media_error(relative, f"a file of {opened.st_size:,} bytes, more than {MAX_BYTES:,}")
            yield MediaFile(file, FileStamp(opened.st_mtime_ns, opened.st_size))
    except UndecodableError as error:
        raise _media_error(relative, str(error)) from error
    except (OSError, ValueError) as error:
        raise _media_error(relative, f"no readable file ({type(error).__name__})") from error


def _media_error(name: str, got: str) -> MediaError:
    return MediaError(
        "a raster image (PNG, JPEG, WebP, GIF, BMP or TIFF)",
        got=got,
        where=name,
        remedy="Mend or replace the file in the media folder.",
    )


def tokens_of(ws: Workspace, split: str, items: Sequence[int]) -> tuple[str, ...]:
    """Media tokens of several items; items without media are left out."""
    return tuple(token for item in items if (token := media_token(ws, split, item)) is not None)
