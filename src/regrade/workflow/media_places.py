"""Where a panel elsewhere finds the items' images: where they are, behind an address, or copied to a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from regrade.errors import InputError
from regrade.formats import FilePath, as_path
from regrade.workflow.files import save_file
from regrade.workflow.media import item_token, render_media
from regrade.workflow.workspace import Workspace

ShowProgress = Callable[[int, int], None]
"""Called with the number of images done and of all images."""


@dataclass(frozen=True, slots=True)
class MediaPlace:
    """Where the panel elsewhere finds the images."""

    copy_to: FilePath | None = None
    """Copy them to this folder, under names that tell nothing; None: they are where they are."""
    prefix: str | None = None
    """What comes before each path or copied file's name; None: what the format needs for files below one folder."""


def place_media(
    ws: Workspace,
    split: str,
    items: Sequence[int],
    media: MediaPlace,
    *,
    local: str = "",
    progress: ShowProgress | None = None,
) -> dict[int, str]:
    """The address of each item's image, which is copied first if it is to be; empty where an item has none.

    Args:
        ws: The workspace.
        split: The split.
        items: Positions.
        media: Where the panel finds the images.
        local: What comes before the path of a local file; with it, every item needs an image.
        progress: Called before and after each image that is copied.

    Raises:
        InputError: An item has no image though it needs one, or an image cannot be read or copied.
    """
    paths = ws.split(split).media
    lacking = [item for item in items if not paths[item]]
    if lacking and (local or media.copy_to):
        raise InputError(
            "an image for every item",
            got=f"none for {ws.split(split).ids[lacking[0]]} ({len(lacking):,} in all)",
            remedy="Write a table (csv or jsonl), or give the items their images.",
        )
    copies = as_path(media.copy_to)
    folder = f"{copies.name}/" if copies else ""
    prefix = f"{local}{folder}" if media.prefix is None else media.prefix
    names = {item: paths[item] for item in items}
    if copies:
        names = _copy_media(ws, split, items, copies, progress)
    return {item: f"{prefix}{quote(name) if prefix else name}" if name else "" for item, name in names.items()}


def _copy_media(
    ws: Workspace, split: str, items: Sequence[int], folder: Path, progress: ShowProgress | None
) -> dict[int, str]:
    """Copies as the review page sends them: upright, nothing but pixels, under the item's token."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            "a folder to copy images to", got=error.strerror or type(error).__name__, where=str(folder)
        ) from error
    names = {}
    for done, item in enumerate(items):
        if progress:
            progress(done, len(items))
        token = item_token(ws, split, item)
        image = render_media(ws, token)
        names[item] = f"{token}.{image.media_type.removeprefix('image/')}"
        save_file(folder / names[item], image.data)
    if progress:
        progress(len(items), len(items))
    return names
