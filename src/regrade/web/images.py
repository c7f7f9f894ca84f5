"""The size of an image before it is sent, so that pages leave it its room and draw small ones pixelated."""

from __future__ import annotations

from dataclasses import dataclass

from regrade.errors import NotFoundError
from regrade.workflow.decoding import PIXELATED_SIZE
from regrade.workflow.media import MediaError, find_item, render_media
from regrade.workflow.sketches import size_as_sent
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ImageSize:
    """Width and height in pixels, as sent."""

    width: int
    height: int

    @property
    def is_small(self) -> bool:
        """Whether it is drawn pixelated wherever it stands."""
        return max(self.width, self.height) <= PIXELATED_SIZE


def image_size(ws: Workspace, token: str) -> ImageSize | None:
    """The size of an item's image; None if it cannot be read."""
    try:
        size = size_as_sent(ws, *find_item(ws, token))
        if size is None:
            image = render_media(ws, token)
            size = image.width, image.height
    except (MediaError, NotFoundError):
        return None
    return ImageSize(*size)
