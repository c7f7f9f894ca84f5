"""Rendered images in memory: the same few thousand thumbnails are asked for again and again."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from cachetools import LRUCache

MAX_KEPT = 16 * 1024 * 1024
"""Bytes of images; what was not asked for the longest goes first."""


@dataclass(frozen=True, slots=True)
class RenderedImage:
    """An image as it is sent."""

    data: bytes
    media_type: str
    width: int
    height: int
    etag: str


class KeptImages:
    """Images by token; several threads may use them at once, and none waits for another's reading of a file."""

    def __init__(self, max_bytes: int = MAX_KEPT) -> None:
        self._images: LRUCache[str, RenderedImage] = LRUCache(max_bytes, getsizeof=lambda image: len(image.data))
        self._lock = threading.Lock()

    def find(self, token: str) -> RenderedImage | None:
        """The image, if it is kept."""
        with self._lock:
            return self._images.get(token)

    def keep(self, token: str, image: RenderedImage) -> None:
        """Keep an image, unless it is larger than all that may be kept."""
        with self._lock:
            if len(image.data) <= self._images.maxsize:
                self._images[token] = image
