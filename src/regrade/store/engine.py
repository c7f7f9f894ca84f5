"""The only place that knows which database it is: engines for reading and for writing, and what must hold for each."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, Insert, QueuePool, Table, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from regrade.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_BUSY_TIMEOUT = 10_000
"""Milliseconds that SQLite waits for a program that does not know the writer lock."""
_SQLITE_PRAGMAS = {"foreign_keys": 1, "synchronous": 2, "busy_timeout": _BUSY_TIMEOUT, "recursive_triggers": 1}
"""synchronous 2 is FULL: a commit is on the disk before it returns. With recursive triggers REPLACE cannot slip past
the triggers that keep tables append-only."""
_POSTGRES_SETTINGS = {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"}
_WRITER_KEY = 0x7265_6772
"""Names the advisory lock by which writers on several machines take turns."""
_N_READERS = 16
"""Connections for reading that are kept."""
_N_MORE_READERS = 64
"""Connections for reading that may be opened beside them for a moment: two for each thread of a web server."""


def read_url(text: str) -> URL:
    """A database's address.

    Raises:
        StoreError: It is no address of a database that regrade knows.
    """
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _unknown_database() from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite+pysqlite")
    raise _unknown_database()


def make_engine(url: URL, *, writes: bool) -> Engine:
    """An engine whose transactions only read (each one sees one state of the database), or one for the single writer.

    Args:
        url: From `read_url`.
        writes: One connection that writes, or several that cannot.
    """
    pool = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": _N_READERS, "max_overflow": _N_MORE_READERS}
    if url.get_backend_name() == "sqlite":
        return _make_sqlite_engine(url, pool, writes=writes)
    return _make_postgres_engine(url, pool, writes=writes)


def insert_or_ignore(tx: Connection, table: Table) -> Insert:
    """An INSERT that passes over rows that are there already."""
    return _insert(tx, table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)


def _insert(tx: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - every command would wait for it

    return postgresql.insert(table)


def set_wal(url: URL) -> None:
    """Give a new SQLite file its write-ahead log, which it keeps; the caller holds the writer lock."""
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(url.database or "")) as connection:
            connection.execute("PRAGMA journal_mode = WAL")


class CommitMark:
    """Tells whether anybody has committed to a SQLite database: asking it takes two microseconds.

    Its connection never writes, since a connection does not see its own commits here.
    """

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only = 1")

    def read(self) -> int:
        """A number that is another one after every commit, by whatever connection, process or program."""
        [(mark,)] = self._connection.execute("PRAGMA data_version").fetchall()
        return int(mark)

    def close(self) -> None:
        """Close its connection."""
        self._connection.close()


def check_sqlite(connection: sqlite3.Connection) -> None:
    """Read back what keeps answers safe.

    Raises:
        StoreError: Something is not as it must be.
    """
    for name, expected in {**_SQLITE_PRAGMAS, "journal_mode": "wal"}.items():
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != expected:
            raise StoreError(
                f"SQLite's {name} must be {expected}; it is {got}: answers would not be safe.",
                remedy="Is this a plain file on a local disk, made by regrade?",
            )


def _make_sqlite_engine(url: URL, pool: dict[str, int], *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        hide_parameters=True,
        connect_args={"check_same_thread": False},
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where we say, and DDL is part of them
        for name, value in {**_SQLITE_PRAGMAS, "query_only": int(not writes)}.items():
            connection.execute(f"PRAGMA {name} = {value}")
        check_sqlite(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _make_postgres_engine(url: URL, pool: dict[str, int], *, writes: bool) -> Engine:
    options = {} if writes else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    try:
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True, execution_options=options, **pool)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(
            "PostgreSQL needs the package psycopg.", remedy="Install it with `pip install regrade[postgres]`."
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        for name, expected in _POSTGRES_SETTINGS.items():
            got = connection.execute(f"SHOW {name}").fetchone()[0]
            if got != expected:
                raise StoreError(f"PostgreSQL's {name} must be {expected}; it is {got}: answers would not be safe.")
        connection.rollback()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if writes:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_KEY})")

    return engine


def _unknown_database() -> StoreError:
    # The address is not shown: it may hold a password.
    return StoreError(
        "The database's address must begin with sqlite:/// or postgresql://.",
        remedy="Correct REGRADE_DATABASE_URL, or leave it out for SQLite in the workspace's folder.",
    )
