"""Outputs of a run: kept whole, given back for the same inputs only, dropped at the end."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from regrade.errors import StoreBusyError, StoreError
from regrade.store.runs import open_run

ONE = np.array([[0.5, np.nan]], np.float32)


def test_a_part_comes_back_for_the_same_inputs_only(tmp_path: Path) -> None:
    with open_run(tmp_path, "abc") as run:
        run.save_part(3, "f00d", ONE)
        run.save_part(12, "f00d", ONE + 1)
    with open_run(tmp_path, "abc") as run:
        assert run.list_parts() == ((3, "f00d"), (12, "f00d"))
        part = run.load_part(3, "f00d")
        assert part is not None
        assert part.dtype == np.float32
        np.testing.assert_array_equal(part, ONE)
        assert run.load_part(3, "beef") is None
        assert run.load_part(4, "f00d") is None


def test_other_inputs_replace_a_part(tmp_path: Path) -> None:
    with open_run(tmp_path, "abc") as run:
        run.save_part(3, "f00d", ONE)
        run.save_part(3, "beef", ONE)
        assert run.list_parts() == ((3, "beef"),)


def test_a_damaged_part_counts_as_none(tmp_path: Path) -> None:
    with open_run(tmp_path, "abc") as run:
        run.save_part(3, "f00d", ONE)
        path = next(run.folder.rglob("*.npy"))
        for content in (path.read_bytes()[:-3], b"x", b""):
            path.write_bytes(content)
            assert run.load_part(3, "f00d") is None


def test_a_finished_run_keeps_its_facts_and_no_parts(tmp_path: Path) -> None:
    with open_run(tmp_path, "abc") as run:
        assert run.load_finished() is None
        run.save_part(3, "f00d", ONE)
        run.save_finished({"model": "net"})
        assert run.list_parts() == ()
        assert run.load_finished() == {"model": "net"}
        (run.folder / "finished.json").write_text("[")
        assert run.load_finished() is None
        (run.folder / "finished.json").write_text("[]")
        assert run.load_finished() is None


def test_runs_with_other_keys_are_apart(tmp_path: Path) -> None:
    with open_run(tmp_path, "abc") as one, open_run(tmp_path, "abd") as other:
        one.save_part(0, "f00d", ONE)
        assert other.list_parts() == ()


def test_two_processes_cannot_be_at_the_same_run(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from regrade.store.runs import open_run\n"
        "with open_run(Path(sys.argv[1]), 'abc'):\n    print('in', flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        with pytest.raises(StoreBusyError, match="Another process is at the same run"), open_run(tmp_path, "abc"):
            pass
        process.communicate("go\n")
    with open_run(tmp_path, "abc") as run:
        assert run.list_parts() == ()


def test_what_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(StoreError, match="Not a directory"), open_run(tmp_path, "abc"):
        pass
