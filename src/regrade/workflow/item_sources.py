"""Where the items of a split come from: a table, a folder of images, a dataset; and which media files are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from regrade import formats
from regrade.errors import InputError
from regrade.formats import ArrowTable, DatasetSource
from regrade.records.classes import ClassList
from regrade.records.items import Split


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsSource:
    """What the caller names: exactly one of `items`, `images` and `dataset`."""

    items: Path | ArrowTable | None = None
    """CSV, or a dataframe."""
    images: Path | None = None
    """A folder of images, or of one folder per class."""
    media: Path | None = None
    """Folder of the media files of `items`; default: the folder of the file."""
    id_column: str | None = None
    """Column of `items` with the ids, if it is neither `id` nor `file`."""
    dataset: DatasetSource | None = None
    """A Hugging Face dataset."""


@dataclass(frozen=True, slots=True)
class SplitSource:
    """A split as it was read."""

    split: Split
    media_root: Path | None
    """The folder below which its media paths stand; None: it has no media."""
    n_skipped: int
    """Files of an image folder that are no raster image."""
    warnings: tuple[str, ...]
    pending: PendingImages | None = None
    """Images that are still to be written to the workspace."""


@dataclass(frozen=True, slots=True)
class PendingImages:
    """The images of a dataset that holds them in its rows."""

    dataset: DatasetSource
    digest: str
    """Of all of them, hex."""


def read_split(name: str, classes: ClassList, source: ItemsSource) -> SplitSource:
    """The items that a source names, all checked.

    Raises:
        InputError: They are not what they must be, or not exactly one source is named.
    """
    n_named = sum(named is not None for named in (source.items, source.images, source.dataset))
    has_details = source.media is not None or source.id_column is not None
    if n_named != 1 or (source.items is None and has_details):
        raise InputError(
            "one of an items file (and its media folder), an image folder and a dataset",
            got=f"{n_named} of them" if n_named != 1 else "details of an items file without one",
            remedy="Use --items FILE [--media DIR] [--id COLUMN], or --images DIR, or --dataset PATH.",
        )
    if source.items is not None:
        return _read_table(name, classes, source.items, source)
    if source.dataset is not None:
        return _read_dataset(name, classes, source.dataset)
    assert source.images is not None  # noqa: S101 - one of the three is named
    scanned = formats.scan_images(source.images, split=name, classes=classes)
    return SplitSource(scanned.split, source.images, scanned.n_skipped, scanned.warnings)


def _read_dataset(name: str, classes: ClassList, dataset: DatasetSource) -> SplitSource:
    read = formats.read_dataset_items(dataset, split=name, classes=classes)
    pending = PendingImages(dataset, read.digest) if read.digest else None
    return SplitSource(read.items.split, read.folder, 0, read.items.warnings, pending)


def _read_table(name: str, classes: ClassList, table: Path | ArrowTable, source: ItemsSource) -> SplitSource:
    read = formats.read_items(table, split=name, classes=classes, id_column=source.id_column)
    if source.media is not None:
        return _with_media(read.split, source.media, read.warnings, is_named=True)
    if isinstance(table, Path):
        return _with_media(read.split, table.parent, read.warnings, is_named=False)
    warning = "the dataframe names media files, but not their folder: name it (media) to review images"
    warnings = (*read.warnings, warning) if any(read.split.media) else read.warnings
    return SplitSource(_without_media(read.split), None, 0, warnings)


def _with_media(split: Split, root: Path, warnings: tuple[str, ...], *, is_named: bool) -> SplitSource:
    """Look which media files are there. Where nobody named a media folder and none is, the items have no media."""
    n_named = sum(map(bool, split.media))
    n_found = sum((root / path).is_file() for path in split.media if path)
    if is_named and (not root.is_dir() or (n_named and not n_found)):
        raise InputError(
            "a folder with the items' media files",
            got=f"{root}, which holds none of them",
            remedy="Name the folder below which the items file's paths stand with --media.",
        )
    if n_named and not n_found:
        split = _without_media(split)
        warnings = (*warnings, "no media files beside the items file: name their folder with --media to review images")
    elif n_found < n_named:
        warnings = (*warnings, f"{n_named - n_found:,} of {n_named:,} media files are not in {root.name}")
    return SplitSource(split, root, 0, warnings)


def _without_media(split: Split) -> Split:
    return replace(split, media=("",) * len(split))
