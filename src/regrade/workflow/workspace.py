"""The workspace: a folder with `regrade.toml`, a database and array files. Made here, opened here, found here."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from regrade import formats
from regrade.errors import ConflictError, InputError, NotFoundError
from regrade.formats import ArrowTable, DatasetSource, FilePath, as_path
from regrade.labelsets import original_labels
from regrade.records.classes import ClassList, Hierarchy
from regrade.records.items import Split
from regrade.records.labels import LabelSetVersion
from regrade.records.panel import Protocol
from regrade.records.settings import Settings
from regrade.store import Store, Transaction, create_store, journal, labelsets, open_store, splits
from regrade.store import classes as class_rows
from regrade.store.private import PRIVATE_FOLDER
from regrade.workflow.clock import now
from regrade.workflow.dataset_images import placed_images
from regrade.workflow.in_force import protocol_in_force
from regrade.workflow.item_sources import ItemsSource, SplitSource, read_split
from regrade.workflow.settings import SETTINGS_FILE, read_settings, settings_stamp, write_settings

Kept = TypeVar("Kept")
MAIN_SPLIT = "main"
ORIGINAL = "original"
"""Name of the label set that `init` makes from the items' own labels."""


@dataclass(frozen=True, slots=True)
class InitReport:
    """What `init_workspace` or `add_split` stored."""

    folder: Path
    split: str
    n_classes: int
    n_items: int
    n_labeled: int
    """Items that carry an original label."""
    n_media: int
    """Items that name a media file."""
    n_skipped: int
    """Files of an image folder that are no raster image."""
    labels: str | None
    """`original@1`, or None where no item carries a label."""
    warnings: tuple[str, ...]
    class_folders: tuple[str, ...] = ()
    """The classes in the order of their ids, where an image folder's class folders named them; else empty."""


class Workspace:
    """An open workspace. What never changes (classes, splits, label set versions) is read once and kept.

    Attributes:
        folder: The folder that holds `regrade.toml`.
        settings: What `regrade.toml` said when the workspace was opened.
        store: The database and the array files.
    """

    def __init__(self, folder: Path, settings: Settings, store: Store) -> None:
        self.folder = folder
        self.settings = settings
        self.store = store
        self._kept: dict[tuple[str, ...], tuple[object, Any]] = {}
        self._making: dict[tuple[str, ...], threading.RLock] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; array files need no closing."""
        self.store.close()

    def kept(self, slot: tuple[str, ...], make: Callable[[], Kept], *, version: object = None) -> Kept:
        """What `make` gave for this slot and version; a slot holds one version, so nothing piles up.

        Of several threads that ask at once, one makes it and the others wait. So `make` must not wait for a writer.
        """
        found = self._kept.get(slot)
        if found is None or found[0] != version:
            with self._making.setdefault(slot, threading.RLock()):
                found = self._kept.get(slot)
                if found is None or found[0] != version:
                    found = (version, make())
                    self._kept[slot] = found
        value: Kept = found[1]
        return value

    def peek(self, slot: tuple[str, ...], *, version: object = None) -> Any | None:
        """What is kept in a slot, if it is of this version; None: nothing."""
        found = self._kept.get(slot)
        return found[1] if found is not None and found[0] == version else None

    @property
    def protocol(self) -> Protocol:
        """How the panel works now; within a transaction that may change it, ask `protocol_in`."""
        mark = self.store.mark()
        if mark is None:
            return self._load_protocol()
        return self.kept(("protocol",), self._load_protocol, version=(mark, settings_stamp(self.folder)))

    def _load_protocol(self) -> Protocol:
        with self.store.read() as tx:
            return self.protocol_in(tx)

    def protocol_in(self, tx: Transaction) -> Protocol:
        """How the panel works, as a transaction sees it."""
        return protocol_in_force(tx, self.folder, self.settings.protocol)

    @cached_property
    def classes(self) -> ClassList:
        """The classes of the benchmark."""
        with self.store.read() as tx:
            return class_rows.load_classes(tx, self.store.arrays)

    @cached_property
    def hierarchy(self) -> Hierarchy | None:
        """The hypernyms above the classes, if the benchmark has them."""
        with self.store.read() as tx:
            return class_rows.load_hierarchy(tx, self.store.arrays)

    def split(self, name: str = MAIN_SPLIT) -> Split:
        """A split by name.

        Raises:
            NotFoundError: There is no such split; the message lists those there are.
        """
        return self.kept(("split", name), lambda: self._load_split(name))

    def _load_split(self, name: str) -> Split:
        with self.store.read() as tx:
            return splits.load_split(tx, self.store.arrays, name)

    def media_root(self, split: str) -> Path:
        """The folder below which the split's media paths stand."""
        return self.kept(("media_root", split), lambda: self._load_media_root(split))

    def _load_media_root(self, split: str) -> Path:
        with self.store.read() as tx:
            rows = {row.name: row.media_root for row in splits.list_splits(tx)}
        return self.folder / rows[split]


def init_workspace(
    folder: FilePath,
    *,
    classes: FilePath | ArrowTable | None = None,
    items: FilePath | ArrowTable | None = None,
    images: FilePath | None = None,
    media: FilePath | None = None,
    id_column: str | None = None,
    dataset: DatasetSource | None = None,
    hierarchy: FilePath | None = None,
    name: str | None = None,
    n_reviewers: int = 2,
    by: str = "local",
) -> InitReport:
    """Make a workspace; every file is read and checked before anything is stored.

    Args:
        folder: Where; must not hold a workspace yet.
        classes: The classes file, or a dataframe with its columns; may be left out where the dataset names its
            classes, or `images` holds one folder a class: then their sorted names are keys and names.
        items: The items file, or a dataframe with its columns; exactly one of `items`, `images` and `dataset`.
        images: A folder of images, or of one folder per class.
        media: Folder of the items' media files; default: the folder of the items file.
        id_column: The column of the items that holds their ids, if it is neither `id` nor `file`.
        dataset: A Hugging Face dataset; images that it holds in its rows are written to the workspace.
        hierarchy: Edges above the classes.
        name: Name of the benchmark; default: the folder's name.
        n_reviewers: Reviewers per item, 1 to 100.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The folder already holds a workspace.
        InputError: A file is not what it must be.
    """
    folder = Path(folder)
    if (folder / SETTINGS_FILE).exists():
        raise ConflictError(f"{folder} already holds a workspace.", remedy="Choose another folder, or delete that one.")
    if n_reviewers not in range(1, 101):
        raise InputError("1 to 100 reviewers per item", got=repr(n_reviewers))
    class_list = _read_classes(as_path(classes), dataset, as_path(images))
    graph = formats.read_hierarchy(Path(hierarchy), classes=class_list) if hierarchy else None
    named = _name_items(items, images, media, id_column, dataset)
    source = read_split(MAIN_SPLIT, class_list, named)
    settings = Settings(name=name or folder.resolve().name, protocol=Protocol(n_reviewers=n_reviewers))
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    with placed_images(source, folder) as placed, create_store(folder, database_url()) as store, store.write() as tx:
        at = now()
        class_rows.save_classes(tx, store.arrays, class_list, at=at)
        if graph is not None:
            class_rows.save_hierarchy(tx, store.arrays, graph, at=at)
        report = _save_split(tx, store, folder, placed, class_list, by=by)
    write_settings(folder, settings)
    by_folder = classes is None and dataset is None
    return replace(report, class_folders=class_list.names) if by_folder else report


def add_split(
    ws: Workspace,
    split: str,
    *,
    items: FilePath | ArrowTable | None = None,
    images: FilePath | None = None,
    media: FilePath | None = None,
    id_column: str | None = None,
    dataset: DatasetSource | None = None,
    by: str = "local",
) -> InitReport:
    """Add a named split (a second benchmark, the training data). The same content again is no change.

    Raises:
        ConflictError: The name stands for other items.
        InputError: A file is not what it must be.
    """
    named = _name_items(items, images, media, id_column, dataset)
    source = read_split(split, ws.classes, named)
    with placed_images(source, ws.folder) as placed, ws.store.write() as tx:
        return _save_split(tx, ws.store, ws.folder, placed, ws.classes, by=by)


def _name_items(
    items: FilePath | ArrowTable | None,
    images: FilePath | None,
    media: FilePath | None,
    id_column: str | None,
    dataset: DatasetSource | None,
) -> ItemsSource:
    return ItemsSource(
        items=as_path(items), images=as_path(images), media=as_path(media), id_column=id_column, dataset=dataset
    )


def _read_classes(classes: Path | ArrowTable | None, dataset: DatasetSource | None, images: Path | None) -> ClassList:
    if classes is not None:
        return formats.read_classes(classes)
    if dataset is not None:
        return formats.read_dataset_classes(dataset)
    if images is not None:
        return formats.name_class_folders(images)
    remedy = f"Name it with --classes FILE: a CSV with the columns {formats.CLASS_FILE_COLUMNS}."
    raise InputError("a classes file", got="none", remedy=remedy)


def find_workspace(start: FilePath) -> Path:
    """The nearest folder upward from `start` that holds a `regrade.toml`.

    Raises:
        NotFoundError: There is none.
    """
    start = Path(start)
    for folder in (start, *start.resolve().parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotFoundError(
        f"No {SETTINGS_FILE} in {start} or above it.",
        remedy="Name the workspace with --workspace DIR or REGRADE_WORKSPACE, or make one with `regrade init`.",
    )


def open_workspace(folder: FilePath) -> Workspace:
    """Open a workspace.

    Raises:
        NotFoundError: The folder holds none.
        StoreError: Its database cannot be used.
    """
    folder = Path(folder)
    if not (folder / SETTINGS_FILE).is_file():
        raise NotFoundError(
            f"{folder} holds no {SETTINGS_FILE}.", remedy="Name a workspace's folder, or make one with `regrade init`."
        )
    return Workspace(folder, read_settings(folder), open_store(folder, database_url()))


def database_url() -> str | None:
    """The database that REGRADE_DATABASE_URL names; None: SQLite in the workspace's folder."""
    return os.environ.get("REGRADE_DATABASE_URL") or None


def _save_split(
    tx: Transaction, store: Store, folder: Path, source: SplitSource, classes: ClassList, *, by: str
) -> InitReport:
    split, at = source.split, now()
    created = splits.save_split(tx, store.arrays, split, media_root=_relative(source.media_root, folder), at=at)
    labels = original_labels(split, len(classes))
    version: LabelSetVersion | None = None
    if len(labels.items):
        name = ORIGINAL if split.name == MAIN_SPLIT else f"{ORIGINAL}-{split.name}"
        reason = "the items' own labels"
        saved = labelsets.save_label_set(
            tx, store.arrays, labels, name=name, parent=None, author=by, reason=reason, warnings=(), at=at
        )
        version = saved.version
    if created:
        journal.save_line(tx, actor=by, action="items.add", facts={"split": split.name, "n_items": len(split)}, at=at)
    return InitReport(
        folder=folder,
        split=split.name,
        n_classes=len(classes),
        n_items=len(split),
        n_labeled=len(labels.items),
        n_media=sum(map(bool, split.media)),
        n_skipped=source.n_skipped,
        labels=version.ref if version else None,
        warnings=source.warnings,
    )


def _relative(root: Path | None, folder: Path) -> str:
    if root is None:
        return "."
    root, folder = root.resolve(), folder.resolve()
    return str(root.relative_to(folder)) if root.is_relative_to(folder) else str(root)
