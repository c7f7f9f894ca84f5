"""A small dataset: six images of one color each, with labels, lists of labels, and ids."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest
from PIL import Image

from regrade.formats import DatasetSource
from regrade.records.classes import ClassList

NAMES = ("cat", "dog", "emu")
CLASSES = ClassList(NAMES, NAMES, ("",) * 3, ("",) * 3)


def encode(red: int, kind: str = "PNG") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4), (red, 0, 0)).save(data, kind)
    return data.getvalue()


LABELS = datasets.ClassLabel(names=list(NAMES))
COLUMNS: dict[str, tuple[Any, list[Any]]] = {
    "image": (datasets.Image(), [{"bytes": encode(red), "path": None} for red in range(6)]),
    "label": (LABELS, [0, 1, 2, 0, 1, None]),
    "all_labels": (datasets.List(LABELS), [[0], [1, 2], [2], [], [1, 0], [0]]),
    "key": (datasets.Value("string"), list("abcdef")),
}

Make = Callable[..., DatasetSource]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Saves a dataset of some of the columns, others given as (feature, cells), and says where; options may follow."""

    def _make(*names: str, options: dict[str, Any] | None = None, **more: tuple[Any, list[Any]]) -> DatasetSource:
        columns = {name: COLUMNS[name] for name in names} | more
        features = datasets.Features({name: feature for name, (feature, _) in columns.items()})
        cells = {name: values for name, (_, values) in columns.items()}
        folder = tmp_path / f"dataset-{len(list(tmp_path.iterdir()))}"
        datasets.Dataset.from_dict(cells, features=features).save_to_disk(str(folder))
        return DatasetSource(content=folder, **(options or {}))

    return _make
