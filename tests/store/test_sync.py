"""An answer is on the disk before it is said to be saved: seen from outside, by the calls to the system."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from regrade.store import Store

pytestmark = pytest.mark.usefixtures("sqlite_only")

WRITER = Path(__file__).parent / "children" / "sync_writer.py"
N_ANSWERS = 20


def trace(folder: Path, level: str, log: Path) -> list[str]:
    """Run the writer; gives its system calls that sync a file or write to its standard output."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    command = [strace, "-f", "-y", "-e", "trace=fsync,fdatasync,write", "-e", "signal=none", "-o", str(log)]
    command += [sys.executable, str(WRITER), str(folder), level, str(N_ANSWERS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "ptrace" in done.stderr:
        pytest.skip(f"strace may not run here: {done.stderr.strip()[:80]}")
    assert done.returncode == 0, done.stderr
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def unsynced_answers(calls: list[str]) -> list[int]:
    """Numbers of the answers that were said before the log was synced."""
    unsynced, synced = [], False
    for call in calls:
        if "sync(" in call and "regrade.db-wal" in call:
            synced = True
        elif '"saved ' in call:
            if not synced:
                unsynced.append(int(call.partition('"saved ')[2].partition("\\n")[0]))
            synced = False
    return unsynced


def test_every_answer_is_synced_before_it_is_said(store: Store, folder: Path, tmp_path: Path) -> None:
    store.close()
    calls = trace(folder, "FULL", tmp_path / "calls")
    assert sum('"saved ' in call for call in calls) == N_ANSWERS
    assert unsynced_answers(calls) == []


def test_commits_without_a_sync_are_caught(store: Store, folder: Path, tmp_path: Path) -> None:
    store.close()
    # The first answer begins a new log, whose head is always synced.
    assert unsynced_answers(trace(folder, "NORMAL", tmp_path / "calls")) == list(range(1, N_ANSWERS))
