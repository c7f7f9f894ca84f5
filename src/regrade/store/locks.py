"""Two locks of a workspace: one keeps a second server out, the other lets one writer at a time to the database."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from regrade.errors import StoreBusyError

WRITE_LOCK_FILE = "write.lock"
SERVER_LOCK_FILE = "server.lock"
SERVER_PID_FILE = "server.pid"
_POLL = 0.005
"""Seconds between two looks at a lock that another process holds."""


class WriterLock:
    """Held for one transaction or checkpoint, shared by all threads and processes of a workspace.

    Threads of one process hand it on among themselves at once; only another process's lock is polled.
    """

    def __init__(self, folder: Path, *, timeout: float) -> None:
        self._threads = threading.Lock()
        self._processes = FileLock(folder / WRITE_LOCK_FILE, thread_local=False, poll_interval=_POLL)
        self._timeout = timeout
        self._owner: int | None = None

    @property
    def is_mine(self) -> bool:
        """Whether this thread holds it."""
        return self._owner == threading.get_ident()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock within the block.

        Raises:
            StoreBusyError: Another thread or process kept it for too long.
        """
        assert not self.is_mine, "a write within a write would wait for itself"  # noqa: S101
        deadline = time.monotonic() + self._timeout
        if not self._threads.acquire(timeout=self._timeout):
            raise self._busy()
        try:
            try:
                self._processes.acquire(timeout=max(0.0, deadline - time.monotonic()))
            except Timeout as error:
                raise self._busy() from error
            self._owner = threading.get_ident()
            try:
                yield
            finally:
                self._owner = None
                self._processes.release()
        finally:
            self._threads.release()

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(
            f"Somebody else has been writing to this workspace for more than {self._timeout:g} seconds.",
            remedy="Wait until the other command has ended, and try again.",
        )


@contextmanager
def hold_server_lock(folder: Path) -> Iterator[None]:
    """Be the one server of this workspace within the block.

    Raises:
        StoreBusyError: Another server runs; the message names its process id if it is known.
    """
    lock = FileLock(folder / SERVER_LOCK_FILE, thread_local=False)
    pid_file = folder / SERVER_PID_FILE
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreBusyError(
            f"Another server{_known_pid(pid_file)} serves this workspace.", remedy="Use that one, or stop it first."
        ) from error
    try:
        pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        pid_file.unlink(missing_ok=True)
        lock.release()


def _known_pid(pid_file: Path) -> str:
    with suppress(OSError, ValueError):
        return f" (process {int(pid_file.read_text(encoding='ascii'))})"
    return ""
