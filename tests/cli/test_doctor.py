"""`regrade doctor`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.cli.conftest import Regrade


def test_a_sound_workspace(regrade: Regrade, bakery: Path) -> None:
    ran = regrade("doctor", "--workspace", bakery)
    assert ran.out.startswith("SQLite 3.")
    assert ran.out.endswith(" array files\nsound\n")
    assert regrade("doctor", "--workspace", bakery, "--json").json["damage"] == []


def test_a_changed_array_file_is_found_and_named(regrade: Regrade, bakery: Path) -> None:
    digest = regrade("predictions", "list", "--workspace", bakery, "--json").json[0]["digest"]
    path = next((bakery / "arrays").glob(f"{digest}.*"))
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    ran = regrade("doctor", "--workspace", bakery, code=1)
    assert "damaged: predictions of large: " in ran.out
    assert "Restore the workspace from a backup" in ran.err
    assert "sound" not in ran.out


def test_a_missing_array_file_is_found(regrade: Regrade, bakery: Path) -> None:
    digest = regrade("labels", "show", "--workspace", bakery, "--json").json["digest"]
    next((bakery / "arrays").glob(f"{digest}.*")).unlink()
    assert "labels reviewed@1" in regrade("doctor", "--workspace", bakery, "--json", code=1).json["damage"][0]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_database_that_others_can_read_is_told_with_what_mends_it(regrade: Regrade, bakery: Path) -> None:
    with tempfile.TemporaryDirectory() as name:  # where others can come to: pytest's own folders are private
        folder = Path(name) / "old workspace"
        shutil.copytree(bakery, folder)
        assert "other accounts" not in regrade("doctor", "--workspace", folder).err
        for path, mode in ((Path(name), 0o755), (folder, 0o755), (folder / "regrade.db", 0o644)):
            path.chmod(mode)
        said = " ".join(regrade("doctor", "--workspace", folder).err.split())
        if any(parent.stat().st_mode & 0o011 == 0 for parent in folder.resolve().parents):
            pytest.skip("the folder of temporary files is private")
        assert "note: other accounts of this machine can read" in said
        command = re.findall(r"`(chmod .*?)`", said)[0]
        assert command == f"chmod -R go= '{folder}'"
        subprocess.run(command, shell=True, check=True)  # noqa: S602 - as whoever reads it would
        assert "other accounts" not in regrade("doctor", "--workspace", folder).err
