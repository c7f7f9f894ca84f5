"""A workspace's store: its database, its array files and its secret. Opened by a call, never at import."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection

from regrade.errors import ConflictError, NotFoundError, SchemaError, StoreError
from regrade.store.arrays import ArrayFiles
from regrade.store.durable import sync_folder, write_durably
from regrade.store.engine import CommitMark, make_engine, read_url, set_wal
from regrade.store.failures import database_failures, system_failures
from regrade.store.locks import WriterLock, hold_server_lock
from regrade.store.mounts import refuse_network
from regrade.store.private import PRIVATE_FOLDER, make_private_file
from regrade.store.schema import HEAD, read_version, upgrade_schema

Transaction = Connection
"""What all functions of the store work in; callers only hand it on."""

LOOKED_UP = "looked up"
"""Where a connection keeps what its transaction has looked up."""
DATABASE_FILE = "regrade.db"
ARRAYS_FOLDER = "arrays"
SECRET_FILE = "secret"  # noqa: S105 - a file name
SECRET_SIZE = 32
"""Bytes of the workspace's secret."""
WRITE_TIMEOUT = 30.0
"""Seconds that a writer waits for its turn."""
_CLOSE_TIMEOUT = 1.0


class Store:
    """An open store; several threads may use it at once. Made by `create_store` and `open_store`.

    Attributes:
        folder: The workspace's folder.
        arrays: The immutable array files.
        database_file: SQLite's; None for another database, and for one in memory, which is refused.
    """

    def __init__(self, folder: Path, url: URL, *, timeout: float) -> None:
        self.folder = folder
        self.arrays = ArrayFiles(folder / ARRAYS_FOLDER)
        self.database_file = _database_file(url)
        self._lock = WriterLock(folder, timeout=timeout)
        self._reading = make_engine(url, writes=False)
        self._writing = make_engine(url, writes=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, under the writer lock: closing the last one of a database makes a checkpoint.

        If the lock cannot be had soon, its holder has the database open, so that closing these makes none.
        """
        try:
            with self._lock.hold(timeout=_CLOSE_TIMEOUT):
                self._dispose()
        except StoreError:
            self._dispose()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """One state of the database, whatever is written meanwhile. Cannot write, and never waits for a writer.

        Raises:
            StoreError: The database cannot be read.
        """
        with database_failures(), self._reading.begin() as tx:
            tx.info.pop(LOOKED_UP, None)
            yield tx

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction of the one writer: committed and on the disk when the block ends, undone if it raises.

        Raises:
            StoreBusyError: Somebody else kept the writer lock for too long.
            StoreError: The change cannot be saved; nothing of it was.
        """
        with self._lock.hold(), database_failures(), self._writing.begin() as tx:
            tx.info.pop(LOOKED_UP, None)
            yield tx
            self.arrays.sync()

    def mark(self) -> int | None:
        """What tells whether what was read is still so: another number after every commit, whoever makes it.

        Ask it before reading. None: this database has no such number.

        Raises:
            StoreError: The database cannot be read.
        """
        with database_failures():
            return None if self.database_file is None else self._commits.read()

    @cached_property
    def _commits(self) -> CommitMark:
        assert self.database_file is not None  # noqa: S101 - asked only of SQLite
        return CommitMark(self.database_file)

    def _dispose(self) -> None:
        if "_commits" in self.__dict__:
            self._commits.close()
        self._reading.dispose()
        self._writing.dispose()

    def server_lock(self) -> AbstractContextManager[None]:
        """Be the one server of this workspace within the block; StoreBusyError if there is one already."""
        return hold_server_lock(self.folder)

    def secret(self) -> bytes:
        """SECRET_SIZE random bytes that only this workspace knows.

        Raises:
            StoreError: The file is missing or damaged.
        """
        return self._secret

    @cached_property
    def _secret(self) -> bytes:
        path = self.folder / SECRET_FILE
        with system_failures():
            content = path.read_bytes() if path.exists() else b""
        if len(content) != SECRET_SIZE:
            raise StoreError(
                f"{path} must hold {SECRET_SIZE} bytes; it holds {len(content)}.", remedy="Restore it from a backup."
            )
        return content


def _database_file(url: URL) -> Path | None:
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(url.database or "") if is_file else None


def create_store(folder: Path, url: str | None = None, *, timeout: float = WRITE_TIMEOUT) -> Store:
    """Make the database, the folder of array files and the secret.

    Args:
        folder: The workspace's folder; made if there is none.
        url: The database's address; None: SQLite in the folder.
        timeout: Seconds that a writer waits for its turn.

    Raises:
        ConflictError: There is a store already.
        StoreError: The database cannot be made here.
    """
    with system_failures():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    address = _address(folder, url)
    store = Store(folder, address, timeout=timeout)
    store.arrays.create()
    with store._lock.hold(), system_failures(), database_failures():
        if store.database_file:
            make_private_file(store.database_file)
        set_wal(address)
    try:
        with store.write() as tx:
            if read_version(tx) is not None:
                raise ConflictError(f"{folder} already has a database.", remedy="Choose another folder or database.")
            upgrade_schema(tx)
            with system_failures():
                _make_secret(folder / SECRET_FILE)
    except BaseException:
        store.close()
        raise
    return store


def open_store(folder: Path, url: str | None = None, *, timeout: float = WRITE_TIMEOUT) -> Store:
    """Open a store; an older schema is upgraded.

    Args:
        folder: The workspace's folder.
        url: The database's address; None: SQLite in the folder.
        timeout: Seconds that a writer waits for its turn.

    Raises:
        NotFoundError: There is no database file.
        SchemaError: The database is newer than this program, or none of regrade's.
        StoreError: The database cannot be used.
    """
    address = _address(folder, url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise NotFoundError(f"There is no database {address.database}.", remedy="Make a workspace with `regrade init`.")
    store = Store(folder, address, timeout=timeout)
    try:
        _ensure_head(store)
    except BaseException:
        store.close()
        raise
    return store


def _ensure_head(store: Store) -> None:
    with store.read() as tx:
        version = read_version(tx)
    if version is None:
        raise SchemaError(
            f"The database of {store.folder} is none of regrade's.", remedy="Make one with `regrade init`."
        )
    if version == HEAD:
        return
    with store.write() as tx:
        # Somebody else may have done it while this process waited for the lock; then nothing is left to do.
        upgrade_schema(tx)


def _address(folder: Path, url: str | None) -> URL:
    if url is not None:
        address = read_url(url)
    else:
        address = URL.create("sqlite+pysqlite", database=str((folder / DATABASE_FILE).absolute()))
    if address.get_backend_name() == "sqlite":
        refuse_network(Path(address.database or "").absolute().parent)
    return address


def _make_secret(path: Path) -> None:
    """A secret that an interrupted creation left behind is kept if it is whole."""
    if path.exists() and path.stat().st_size == SECRET_SIZE:
        return
    write_durably(path, secrets.token_bytes(SECRET_SIZE))
    sync_folder(path.parent)
