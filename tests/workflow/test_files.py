"""Files that users asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from regrade.errors import InputError
from regrade.workflow.files import save_file


def test_a_file_is_replaced_whole_also_behind_a_link(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("old.csv")
    save_file(tmp_path / "link.csv", b"new")
    assert (tmp_path / "old.csv").read_bytes() == b"new"
    assert (tmp_path / "link.csv").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.csv", "old.csv"]


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a file to write; got a folder, pipe or device"):
        save_file(tmp_path, b"x")
    with pytest.raises(InputError, match=r"none/x\.csv: expected a file that can be written; got No such file"):
        save_file(tmp_path / "none" / "x.csv", b"x")
