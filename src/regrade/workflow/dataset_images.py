"""Images that a dataset holds in its rows become files of the workspace, in a folder that is named by their content."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from regrade import formats
from regrade.store.durable import TEMPORARY, sync_folder, write_durably
from regrade.store.failures import system_failures
from regrade.store.private import make_private_folder
from regrade.workflow.item_sources import PendingImages, SplitSource

MEDIA_FOLDER = "media"
_DIGITS = 16
"""Of the digest, as the folder's name."""


@contextmanager
def placed_images(source: SplitSource, folder: Path) -> Iterator[SplitSource]:
    """Write the images that are pending, and give the split with their folder; if the block raises, none of them stay.

    Args:
        source: The split as it was read; one without pending images is given back.
        folder: The workspace's folder.

    Raises:
        StoreError: They cannot be written.
    """
    if source.pending is None:
        yield source
        return
    home = folder / MEDIA_FOLDER / source.pending.digest[:_DIGITS]
    is_new = not home.exists()
    if is_new:
        with system_failures():
            _write_all(source.pending, home)
    try:
        yield replace(source, media_root=home, pending=None)
    except BaseException:
        if is_new:
            shutil.rmtree(home, ignore_errors=True)
        raise


def _write_all(pending: PendingImages, home: Path) -> None:
    """All images in one step: the folder has its name only when it is whole."""
    unfinished = home.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    make_private_folder(unfinished)
    try:
        for name, content in formats.iter_image_files(pending.dataset):
            write_durably(unfinished / name, content)
        sync_folder(unfinished)
        unfinished.rename(home)
        for folder in (home.parent, home.parent.parent):
            sync_folder(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
