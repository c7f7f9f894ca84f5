"""What the database's own checks find, on real damaged databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regrade.store import Store, create_store, health, journal, open_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with create_store(tmp_path / "store") as store, store.write() as tx:
        for name in ("a", "b", "c"):
            journal.save_line(tx, actor="ann", action=name, facts={}, at=datetime(2026, 1, 1, tzinfo=UTC))
    return tmp_path / "store"


def _damage(store: Store) -> tuple[str, ...]:
    with store.read() as tx:
        return health.list_damage(tx)


def _meddle(folder: Path, *statements: str) -> None:
    """Change the database behind the store's back, as no code of ours can."""
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_new_database_is_sound_and_says_its_version(folder: Path) -> None:
    with open_store(folder) as store, store.read() as tx:
        assert health.load_database_version(tx) == f"SQLite {sqlite3.sqlite_version}"
        assert health.list_damage(tx) == ()
        assert health.list_digests(tx) == {}


def test_a_gap_in_the_journal_is_found(folder: Path) -> None:
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        names = [name for (name,) in connection.execute(triggers)]
    _meddle(folder, *(f"DROP TRIGGER {name}" for name in names), "DELETE FROM journal WHERE seq = 2")
    with open_store(folder) as store:
        assert _damage(store) == ("the journal: 3 lines were written, 2 are there",)


def test_a_row_that_refers_to_nothing_is_found(folder: Path) -> None:
    _meddle(folder, "INSERT INTO user_roles VALUES (77, 'admin')")
    with open_store(folder) as store:
        assert _damage(store) == ("table user_roles, row 1: it refers to a row of users that is not there",)


def test_a_broken_index_is_found(folder: Path) -> None:
    _meddle(
        folder,
        "INSERT INTO settings VALUES ('a', '1')",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'value TEXT', 'value INTEGER CHECK (value = 2)')"
        " WHERE name = 'settings'",
    )
    with open_store(folder) as store:
        assert any("settings" in what for what in _damage(store))


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("SQLite 3.7.0", True),
        ("SQLite 3.44.5", True),
        ("SQLite 3.45.0", True),
        ("SQLite 3.50.7", False),
        ("SQLite 3.51.2", True),
        ("SQLite 3.52.0", False),
        ("PostgreSQL 17.2", False),
    ],
)
def test_which_versions_have_the_bug(version: str, affected: bool) -> None:
    assert health.has_wal_reset_bug(version) is affected
