"""What only one account may read."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from regrade.store import create_store
from regrade.store.private import can_others_read, make_private_file, make_private_folder
from regrade.store.runs import open_run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")


@pytest.fixture(autouse=True)
def usual_mask() -> Iterator[None]:
    """The mask that most accounts have: others may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_a_store_makes_is_private_in_a_folder_that_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir(mode=0o755)
    with create_store(folder) as store, store.server_lock(), open_run(folder, "ab") as run:
        with store.write():
            store.arrays.save_npy(np.arange(3))
            store.arrays.save_npy_rows([np.arange(6).reshape(2, 3)], shape=(2, 3), dtype=np.int64)
        run.save_part(0, "cd", np.zeros((1, 2), np.float32))
        run.save_finished({})
        found = {str(path.relative_to(folder)): mode_of(path) for path in folder.rglob("*")}
    folders = {"arrays", "runs", "runs/ab"}
    assert found.keys() >= folders | {"regrade.db", "regrade.db-wal", "regrade.db-shm", "secret", "server.pid"}
    assert found == {name: 0o700 if name in folders else 0o600 for name in found}
    assert mode_of(folder) == 0o755


def test_a_folder_that_is_made_for_a_store_is_private(tmp_path: Path) -> None:
    create_store(tmp_path / "new" / "w").close()
    assert mode_of(tmp_path / "new" / "w") == 0o700


def test_what_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o750)
    make_private_folder(tmp_path / "a" / "b" / "c")
    assert [mode_of(tmp_path / name) for name in ("a", "a/b", "a/b/c")] == [0o750, 0o700, 0o700]
    (tmp_path / "f").write_text("kept")
    (tmp_path / "f").chmod(0o640)
    make_private_file(tmp_path / "f")
    assert (mode_of(tmp_path / "f"), (tmp_path / "f").read_text()) == (0o640, "kept")


@pytest.fixture
def open_root() -> Iterator[Path]:
    """A folder that others can come to: pytest's own are private."""
    with tempfile.TemporaryDirectory() as name:
        if any(folder.stat().st_mode & 0o011 != 0o011 for folder in Path(name).resolve().parents):
            pytest.skip("the folder of temporary files is private")
        yield Path(name)


@pytest.mark.parametrize(
    ("above", "folder", "file", "expected"),
    [
        pytest.param(0o755, 0o755, 0o644, True, id="open"),
        pytest.param(0o755, 0o755, 0o600, False, id="private-file"),
        pytest.param(0o755, 0o700, 0o644, False, id="private-folder"),
        pytest.param(0o700, 0o755, 0o644, False, id="private-above"),
        pytest.param(0o755, 0o750, 0o640, True, id="group"),
        pytest.param(0o755, 0o750, 0o604, False, id="everybody-cannot-come-there"),
        pytest.param(0o711, 0o711, 0o604, True, id="the-name-is-known"),
    ],
)
def test_who_can_come_to_a_file_and_read_it(
    above: int, folder: int, file: int, expected: bool, open_root: Path
) -> None:
    path = open_root / "w" / "regrade.db"
    path.parent.mkdir()
    path.touch()
    for place, mode in ((path, file), (path.parent, folder), (open_root, above)):
        place.chmod(mode)
    assert can_others_read(path) is expected


def test_no_file_is_read_by_nobody(tmp_path: Path) -> None:
    assert not can_others_read(tmp_path / "none")
