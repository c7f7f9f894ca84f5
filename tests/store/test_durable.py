"""Files that are whole or not there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from regrade.store.durable import sync_folder, write_durably


def test_a_file_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old and longer")
    write_durably(path, b"new")
    sync_folder(tmp_path)
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_rights_are_those_asked_for(tmp_path: Path) -> None:
    write_durably(tmp_path / "a", memoryview(b"x"), mode=0o600)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600


def test_what_cannot_be_written_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "kept").write_bytes(b"x")
    # A folder that is not empty cannot be replaced by a file.
    with pytest.raises(OSError, match="directory"):
        write_durably(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]
