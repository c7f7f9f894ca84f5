"""A real small file system that becomes full, has room again, and becomes read-only; needs the rights to mount one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).parent / "children" / "small_disk.py"
MOUNT = 'mount -t tmpfs -o size=3m none "$1" && exec "$2" "$3" "$1"'


def test_a_disk_that_is_full_and_then_read_only(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    # In a mount name space of its own, so that nothing stays mounted.
    probe = [unshare or "", "-m", "mount", "-t", "tmpfs", "none", str(tmp_path)]
    if unshare is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a small file system")
    command = [unshare, "-m", "sh", "-c", MOUNT, "sh", str(tmp_path), sys.executable, str(CHILD)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "full": "The disk is full: nothing was saved.",
        "full_array": "The disk is full: nothing was saved.",
        "n_lost_when_full": 0,
        "n_rest": 0,
        "again": "",
        "n_lost_again": 0,
        "read_only": "The workspace cannot be written: nothing was saved.",
        "read_only_array": "The workspace cannot be written: nothing was saved.",
        "n_lost_read_only": 0,
    }
