"""Three classes, images, and Python files with models in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from PIL import Image

from regrade.records.classes import ClassList

WriteModule = Callable[..., Path]


@pytest.fixture
def classes() -> ClassList:
    keys = ("bagel", "dough", "pretzel")
    return ClassList(keys, keys, ("",) * 3, ("",) * 3)


@pytest.fixture
def images() -> list[Image.Image]:
    """Five noisy images of different sizes."""
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 256, (20 + at, 30, 3), dtype=np.uint8)) for at in range(5)]


@pytest.fixture
def write_module(tmp_path: Path) -> WriteModule:
    """Write a Python file; gives its path."""

    def _write(code: str, name: str = "mine.py") -> Path:
        path = tmp_path / name
        path.write_text(dedent(code), encoding="utf-8")
        return path

    return _write
