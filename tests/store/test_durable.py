"""Files that are whole or not there."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from regrade.store.durable import sync_folder, write_durably, write_hashed


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


def test_a_file_is_named_by_the_digest_of_its_pieces(tmp_path: Path) -> None:
    digest = write_hashed(tmp_path, iter([memoryview(b"ab"), memoryview(b"c")]), suffix=".x")
    # SHA-256 of "abc", FIPS 180-2, appendix B.1
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(f"{digest}.x", b"abc")]


def test_pieces_that_fail_leave_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[memoryview]:
        yield memoryview(b"ab")
        raise OSError("the source broke off")

    with pytest.raises(OSError, match="broke off"):
        write_hashed(tmp_path, pieces(), suffix=".x")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_leaves_nothing_and_keeps_the_old(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "kept").write_bytes(b"x")
    # A folder that is not empty cannot be replaced by a file.
    with pytest.raises(OSError, match="directory"):
        write_durably(folder, b"new")
    assert list(tmp_path.iterdir()) == [folder]
