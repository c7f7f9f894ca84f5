"""Names of files and folders, as text or as paths."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import polars as pl

from regrade.formats.paths import as_path


def test_text_and_paths_of_any_kind_become_paths() -> None:
    assert as_path("a/b.csv") == Path("a/b.csv")
    assert as_path(PurePosixPath("a/b.csv")) == Path("a/b.csv")
    assert isinstance(as_path(PurePosixPath("a")), Path)


def test_anything_else_stays_as_it_is() -> None:
    frame = pl.DataFrame({"id": ["a"]})
    assert as_path(frame) is frame
    assert as_path(None) is None
