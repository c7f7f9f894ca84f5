"""The nearest training images to an item."""

from __future__ import annotations

from regrade.web.schemas.base import Out
from regrade.web.schemas.classes import NamedClassOut


class NearImageOut(Out):
    """One of the nearest images, without the name of its file."""

    token: str
    """Of the item."""
    media: str | None
    classes: list[NamedClassOut]
    """What its own labels accept; else its original label; empty where it has none."""
    similarity: float
    """Cosine of the embeddings, -1 to 1 (the same direction)."""
    accepted: bool | None
    """The labels of the item that it is near to accept one of its classes; null where that item is not labeled."""


class NearestImagesOut(Out):
    """The nearest images of another split."""

    embeddings: str
    """Name of the embedder."""
    among: str
    """The split of the images."""
    images: list[NearImageOut]
    """Nearest first."""


class NearItemOut(NearImageOut):
    """The same with the id of its item, for those who may see everything."""

    item_id: str


class NearestItemsOut(Out):
    """The nearest items of another split, for those who may see everything."""

    embeddings: str
    """Name of the embedder."""
    among: str
    """The split of the items."""
    images: list[NearItemOut]
    """Nearest first."""
