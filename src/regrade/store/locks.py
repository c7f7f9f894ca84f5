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
from regrade.store.failures import system_failures
from regrade.store.private import PRIVATE_FILE, make_private_file

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
        self._processes = FileLock(folder / WRITE_LOCK_FILE, thread_local=False, poll_interval=_POLL, mode=PRIVATE_FILE)
        self._timeout = timeout
        self._owner: int | None = None

    @contextmanager
    def hold(self, *, timeout: float | None = None) -> Iterator[None]:
        """Hold the lock within the block.

        Args:
            timeout: Seconds to wait for it; None: as long as a writer waits.

        Raises:
            StoreBusyError: Another thread or process kept it for too long.
        """
        assert self._owner != threading.get_ident(), "a write within a write would wait for itself"  # noqa: S101 - for mypy: it cannot be otherwise
        timeout = self._timeout if timeout is None else timeout
        deadline = time.monotonic() + timeout
        if not self._threads.acquire(timeout=timeout):
            raise _busy(timeout)
        try:
            _acquire(self._processes, max(0.0, deadline - time.monotonic()), otherwise=_busy(timeout))
            self._owner = threading.get_ident()
            try:
                yield
            finally:
                self._owner = None
                self._processes.release()
        finally:
            self._threads.release()


@contextmanager
def hold_server_lock(folder: Path) -> Iterator[None]:
    """Be the one server of this workspace within the block.

    Raises:
        StoreBusyError: Another server runs; the message names its process id if it is known.
        StoreError: The folder cannot be written.
    """
    lock = FileLock(folder / SERVER_LOCK_FILE, thread_local=False, mode=PRIVATE_FILE)
    pid_file = folder / SERVER_PID_FILE
    _acquire(lock, 0, otherwise=_served(pid_file))
    try:
        with system_failures():
            make_private_file(pid_file)
            pid_file.write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        pid_file.unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, timeout: float, *, otherwise: StoreBusyError) -> None:
    with system_failures():
        try:
            lock.acquire(timeout=timeout)
        except Timeout as error:
            raise otherwise from error


def _busy(timeout: float) -> StoreBusyError:
    return StoreBusyError(
        f"Somebody else has been writing to this workspace for more than {timeout:g} seconds.",
        remedy="Wait until the other command has ended, and try again.",
    )


def _served(pid_file: Path) -> StoreBusyError:
    pid = ""
    with suppress(OSError, ValueError):
        pid = f" (process {int(pid_file.read_text(encoding='ascii'))})"
    return StoreBusyError(f"Another server{pid} serves this workspace.", remedy="Use that one, or stop it first.")
