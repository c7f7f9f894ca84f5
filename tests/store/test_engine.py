"""Which databases there are, and what must hold for each."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import text

from regrade.errors import StoreError
from regrade.store import Store, create_store, open_store, settings
from regrade.store.engine import check_sqlite, read_url

pytestmark = pytest.mark.usefixtures("sqlite_only")


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:////some/x.db", "sqlite+pysqlite"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+psycopg"),
    ],
)
def test_an_address_is_read(url: str, driver: str) -> None:
    assert read_url(url).drivername == driver


def test_postgres_needs_its_driver_and_its_server(folder: Path) -> None:
    words = (
        "PostgreSQL needs the package psycopg" if find_spec("psycopg") is None else "database reported: .*connection"
    )
    # Nothing listens on port 1.
    with pytest.raises(StoreError, match=words) as caught:
        create_store(folder, "postgresql://ann:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://u:hunter2@h/d", "no address with hunter2", ""])
def test_another_database_is_refused_and_its_password_not_shown(url: str) -> None:
    with pytest.raises(StoreError, match="must begin with sqlite:/// or postgresql://") as caught:
        read_url(url)
    assert "hunter2" not in str(caught.value)


def test_every_connection_is_safe(store: Store) -> None:
    # synchronous 2 is FULL. A reader cannot write.
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    for transaction, query_only in ((store.read, 1), (store.write, 0)):
        with transaction() as tx:
            got = {name: tx.execute(text(f"PRAGMA {name}")).scalar_one() for name in (*expected, "query_only")}
            assert got == expected | {"query_only": query_only}
            assert tx.execute(text("PRAGMA busy_timeout")).scalar_one() >= 5000


@pytest.mark.parametrize(
    ("pragma", "words"),
    [
        ("synchronous = NORMAL", "synchronous must be 2; it is 1"),
        ("foreign_keys = OFF", "foreign_keys must be 1; it is 0"),
        ("busy_timeout = 0", "busy_timeout must be 10000; it is 0"),
        ("recursive_triggers = OFF", "recursive_triggers must be 1; it is 0"),
        ("journal_mode = DELETE", "journal_mode must be wal; it is delete"),
    ],
)
def test_an_unsafe_connection_is_refused(store: Store, folder: Path, pragma: str, words: str) -> None:
    store.close()
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        for safe in ("synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000", "recursive_triggers = ON"):
            connection.execute(f"PRAGMA {safe}")
        check_sqlite(connection)
        connection.execute(f"PRAGMA {pragma}")
        with pytest.raises(StoreError, match=words):
            check_sqlite(connection)


def test_a_database_without_its_log_is_not_opened(store: Store, folder: Path) -> None:
    store.close()
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with pytest.raises(StoreError, match="journal_mode must be wal; it is delete"):
        open_store(folder)


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite://"])
def test_a_database_in_memory_is_refused_and_leaves_no_file(
    folder: Path, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="journal_mode must be wal; it is memory"):
        create_store(folder, url)
    assert [path for path in tmp_path.iterdir() if path != folder] == []


def test_a_database_can_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    with create_store(folder, url) as store, store.write() as tx:
        settings.save_setting(tx, "a", "1")
    assert not (folder / "regrade.db").exists()
    with open_store(folder, url) as store, store.read() as tx:
        assert settings.load_setting(tx, "a") == "1"


def test_what_was_asked_is_not_in_an_error(store: Store) -> None:
    with pytest.raises(StoreError, match="no such table") as caught, store.read() as tx:
        tx.execute(text("SELECT * FROM nowhere WHERE a = :secret"), {"secret": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in str(caught.value.__cause__)
