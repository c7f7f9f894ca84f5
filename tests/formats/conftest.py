"""A benchmark of four classes and three items that the tests of all formats share."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from regrade.formats import read_classes, read_items
from regrade.records.classes import ClassList
from regrade.records.items import Split

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and return its path: text is encoded as UTF-8, a name that ends in .gz is compressed."""

    def _write(name: str, content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return _write


@pytest.fixture
def classes() -> ClassList:
    """Two cranes, so a name that is not unique."""
    return ClassList(
        keys=("n1", "n2", "n3", "n4"),
        names=("crane", "crane", "beagle", "tench"),
        definitions=("", "", "", ""),
        groups=("", "", "", ""),
    )


@pytest.fixture
def split() -> Split:
    """Three items; the last one has no label."""
    return Split("main", ("a", "b", "c"), np.array([0, 1, -1], np.int32), ("", "", ""))


@pytest.fixture(scope="session")
def imagenet_classes(shared_data: Path) -> ClassList:
    return read_classes(shared_data / "imagenet" / "classes.csv")


@pytest.fixture(scope="session")
def imagenet_split(shared_data: Path, imagenet_classes: ClassList) -> Split:
    path = shared_data / "imagenet" / "val_labels.csv"
    return read_items(path, split="main", classes=imagenet_classes).split
