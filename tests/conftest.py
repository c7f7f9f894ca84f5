"""Fixtures that all tests share."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.postgres import Postgres, run_postgres

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 20_000
"""Milliseconds that a page may take on a busy machine."""
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is still at one of them when the others have nothing left."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What was imported and collected stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real labels and predictions; the test is skipped where it is absent."""
    folder = Path(os.environ.get("REGRADE_SHARED_DATA", PROJECT.parent / "shared" / "data"))
    if not (folder / "imagenet" / "multilabel_v3.csv").is_file():
        pytest.skip(f"no real data at {folder}: set REGRADE_SHARED_DATA to the folder that holds imagenet/")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system's; the test is skipped where there is none."""
    names = [os.environ.get("REGRADE_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on PATH: install it, or name one with REGRADE_CHROMIUM")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; the test is skipped where there is none."""
    with run_postgres() as server:
        yield server
