"""Fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real labels and predictions; the test is skipped where it is absent."""
    folder = Path(os.environ.get("REGRADE_SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not (folder / "imagenet" / "multilabel_v3.csv").is_file():
        pytest.skip(f"no real data at {folder}: set REGRADE_SHARED_DATA to the folder that holds imagenet/")
    return folder
