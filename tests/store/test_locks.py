"""Both locks, against real second processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from regrade.errors import StoreBusyError
from regrade.store import Store, open_store, settings

HOLDER = """
import sys
from pathlib import Path
from regrade.store import open_store
with open_store(Path(sys.argv[1]), sys.argv[3] or None) as store:
    with (store.server_lock() if sys.argv[2] == "server" else store.write()):
        print("held", flush=True)
        sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(folder: Path, which: str, url: str | None) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds a lock until the block ends."""
    command = [sys.executable, "-c", HOLDER, str(folder), which, url or ""]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.stdin.close()


def test_another_process_keeps_a_writer_waiting_and_a_reader_not(
    store: Store, folder: Path, database_url: str | None
) -> None:
    with open_store(folder, database_url, timeout=0.2) as impatient:
        with held_elsewhere(folder, "write", database_url):
            with pytest.raises(StoreBusyError, match="Somebody else has been writing"), impatient.write():
                pass
            with impatient.read() as tx:
                assert settings.load_setting(tx, "a") is None
            with open_store(folder, database_url) as newcomer, newcomer.read() as tx:
                assert settings.load_setting(tx, "a") is None
        with impatient.write() as tx:
            settings.save_setting(tx, "a", "1")


def test_a_writer_goes_on_when_the_other_process_ends(store: Store, folder: Path, database_url: str | None) -> None:
    with held_elsewhere(folder, "write", database_url) as process:
        ended = threading.Event()

        def end() -> None:
            time.sleep(0.2)
            ended.set()
            assert process.stdin is not None
            process.stdin.close()

        thread = threading.Thread(target=end)
        thread.start()
        with store.write() as tx:
            settings.save_setting(tx, "a", "1")
            assert ended.is_set()
        thread.join()


def test_a_killed_writer_leaves_no_lock(store: Store, folder: Path, database_url: str | None) -> None:
    with held_elsewhere(folder, "write", database_url) as process:
        process.kill()
        process.wait()
        with store.write() as tx:
            settings.save_setting(tx, "a", "1")


@pytest.mark.usefixtures("store")
def test_closing_does_not_wait_as_long_as_a_writer_would(folder: Path, database_url: str | None) -> None:
    """The other process goes on writing until this one has closed: a writer would wait an hour for it."""
    with (
        open_store(folder, database_url, timeout=3600) as patient,
        held_elsewhere(folder, "write", database_url) as process,
    ):
        patient.close()
        assert process.poll() is None


def test_a_second_server_is_kept_out(store: Store, folder: Path, database_url: str | None) -> None:
    with held_elsewhere(folder, "server", database_url) as process:
        words = rf"Another server \(process {process.pid}\) serves this workspace"
        with pytest.raises(StoreBusyError, match=words), store.server_lock():
            pass
        # Others may write meanwhile: imports run while the server serves.
        with store.write() as tx:
            settings.save_setting(tx, "a", "1")
    with store.server_lock():
        pass


def test_a_second_server_in_this_process_is_kept_out(store: Store, folder: Path) -> None:
    with (
        store.server_lock(),
        pytest.raises(StoreBusyError, match=rf"Another server \(process {os.getpid()}\)"),
        store.server_lock(),
    ):
        pass
    assert not (folder / "server.pid").exists()


def test_a_killed_server_leaves_no_lock(store: Store, folder: Path, database_url: str | None) -> None:
    with held_elsewhere(folder, "server", database_url) as process:
        process.kill()
        process.wait()
        with store.server_lock():
            assert (folder / "server.pid").read_text() == f"{os.getpid()}\n"


@pytest.mark.parametrize("content", [None, "", "no number"])
def test_a_server_without_a_known_process_is_still_kept_out(store: Store, folder: Path, content: str | None) -> None:
    with store.server_lock():
        if content is None:
            (folder / "server.pid").unlink()
        else:
            (folder / "server.pid").write_text(content)
        with pytest.raises(StoreBusyError, match="Another server serves this workspace"), store.server_lock():
            pass


def test_threads_hand_the_lock_on_without_polling(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight threads in turn, 25 times each, all of which wait for a ninth first: nobody sleeps between two looks."""
    counts = {"inside": 0, "most": 0}
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    ready = threading.Barrier(9)

    def work() -> None:
        ready.wait()
        for _ in range(25):
            with store._lock.hold():
                counts["inside"] += 1
                counts["most"] = max(counts["most"], counts["inside"])
                counts["inside"] -= 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    with store._lock.hold():
        ready.wait()
    for thread in threads:
        thread.join()
    assert counts == {"inside": 0, "most": 1}
    assert slept == []
