"""Which workspace is opened: tested through the program in test_main.py; here, what cannot be opened."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Regrade


def test_a_folder_that_is_no_workspace_is_named(regrade: Regrade, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty holds no regrade.toml" in regrade("labels", "list", "--workspace", "empty", code=1).err


def test_settings_that_cannot_be_read_are_an_error_with_the_file(regrade: Regrade, bakery: Path) -> None:
    (bakery / "regrade.toml").write_text("name = \n", encoding="utf-8")
    assert "regrade.toml" in regrade("labels", "list", "--workspace", bakery, code=1).err
