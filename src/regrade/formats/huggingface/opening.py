"""Opening a dataset with the library `datasets`: nothing is downloaded unless it is asked for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regrade.errors import InputError
from regrade.extras import import_extra
from regrade.formats.huggingface.source import DatasetSource
from regrade.formats.places import Place, list_some

_SAVED = ("dataset_dict.json", "state.json")
"""What `save_to_disk` leaves in a folder."""


@dataclass(frozen=True, slots=True)
class OpenDataset:
    """A dataset that can be read."""

    data: Any
    """A `datasets.Dataset`."""
    place: Place
    folder: Path | None
    """The folder below which its images stand as files, if it is a folder of images."""


@contextmanager
def open_dataset(source: DatasetSource) -> Iterator[OpenDataset]:
    """Open one split of a dataset; what `datasets` has to unpack for it is gone after the block.

    Raises:
        InputError: `datasets` is not installed, there is no such dataset or split, or it is damaged or empty.
    """
    library = import_extra("datasets", "huggingface")
    place = Place(source.where)
    with (
        tempfile.TemporaryDirectory(prefix="regrade-dataset-") as cache,
        _settings(library, offline=not source.download),
    ):
        loaded, folder = _load(library, source, place, cache)
        data = _choose_split(library, loaded, source, place)
        if not len(data):
            raise place.file_error(
                "at least one row", got="none", remedy="Check that the dataset was written to its end."
            )
        yield OpenDataset(data, place, folder)


@contextmanager
def _settings(library: Any, *, offline: bool) -> Iterator[None]:
    """No progress bars of the library's, and no network unless it is asked for."""
    bars, was_offline = not library.are_progress_bars_disabled(), library.config.HF_HUB_OFFLINE
    library.disable_progress_bars()
    library.config.HF_HUB_OFFLINE = offline or was_offline
    try:
        yield
    finally:
        library.config.HF_HUB_OFFLINE = was_offline
        if bars:
            library.enable_progress_bars()


def _load(library: Any, source: DatasetSource, place: Place, cache: str) -> tuple[Any, Path | None]:
    """The dataset, or its splits by name; and the folder of its images, if it is one."""
    content = source.content
    if not isinstance(content, Path | str):
        return content, None
    path = Path(content)
    if path.is_dir():
        return _guard(lambda: _load_folder(library, path, cache), place)
    if path.is_file():
        return _guard(lambda: (library.Dataset.from_parquet(str(path), cache_dir=cache), None), place)
    if not source.download:
        raise place.file_error(
            "a dataset's folder, or a Parquet file",
            got="no such file or folder",
            remedy="If it is a name on the Hugging Face Hub, add --download.",
        )
    return _guard(lambda: (library.load_dataset(str(content)), None), place)


def _load_folder(library: Any, path: Path, cache: str) -> tuple[Any, Path | None]:
    if any((path / name).is_file() for name in _SAVED):
        return library.load_from_disk(str(path)), None
    if next(path.rglob("*.parquet"), None) is not None:
        return library.load_dataset("parquet", data_dir=str(path), cache_dir=cache), None
    return library.load_dataset("imagefolder", data_dir=str(path), cache_dir=cache), path


def _guard(load: Callable[[], tuple[Any, Path | None]], place: Place) -> tuple[Any, Path | None]:
    """What `load` gives; whatever the library raises over a file is said in words."""
    try:
        return load()
    except Exception as error:
        got = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        raise place.file_error(
            "a dataset that the library `datasets` can load", got=got.rstrip("."), remedy="Check it, or save it again."
        ) from error


def _choose_split(library: Any, loaded: Any, source: DatasetSource, place: Place) -> Any:
    if isinstance(loaded, Mapping):
        names = [str(name) for name in loaded]
        name = source.split or (names[0] if len(names) == 1 else None)
        if name not in names:
            raise place.file_error(
                "one of the dataset's splits",
                got=name or f"none named, and it has {len(names)}",
                remedy=f"Name one with --dataset-split: {list_some(names, 20)}.",
            )
        loaded = loaded[name]
    elif source.split is not None:
        raise place.file_error("a dataset with splits", got="one without", remedy="Leave --dataset-split out.")
    if not isinstance(loaded, library.Dataset):
        raise InputError("a datasets.Dataset", got=f"a value of type {type(loaded).__name__}", where=place.where)
    return loaded
