"""The size of an image before it is sent."""

from __future__ import annotations

from regrade.web.images import ImageSize, image_size
from regrade.workflow.media import item_token
from regrade.workflow.workspace import Workspace


def test_the_size_is_that_of_the_image_as_sent(still_ws: Workspace) -> None:
    assert image_size(still_ws, item_token(still_ws, "main", 0)) == ImageSize(160, 120)


def test_what_cannot_be_read_has_none(ws: Workspace) -> None:
    (ws.folder / "media" / "img_1.png").write_bytes(b"<svg/>")
    assert image_size(ws, item_token(ws, "main", 1)) is None
    assert image_size(ws, "0" * 16) is None


def test_small_is_up_to_64_pixels_a_side() -> None:
    assert ImageSize(8, 64).is_small
    assert not ImageSize(8, 65).is_small
