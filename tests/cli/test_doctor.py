"""`regrade doctor`."""

from __future__ import annotations

from pathlib import Path

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
