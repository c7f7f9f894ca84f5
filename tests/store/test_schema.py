"""The schema: made by the migrations, upgraded once, refused when newer, never left half-way."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from regrade.errors import SchemaError
from regrade.records.users import Role
from regrade.store import Store, create_store, open_store, settings, tables, users
from regrade.store.engine import make_engine, read_url, set_wal
from regrade.store.schema import HEAD, MIGRATIONS, read_version, upgrade_schema


def schema_of(file: Path) -> dict[str, str]:
    """The statement of every table, index and trigger, blanks and quotes left out."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: re.sub(r'[\s"]', "", sql) for name, sql in rows}


def parts_of(statement: str) -> list[str]:
    """What a statement says, sorted: a column that was added later stands last, with its constraints beside it."""
    head, _, body = statement.removesuffix(")").partition("(")
    depth, parts = 0, [""]
    for sign in body:
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    pieces = [piece for part in parts for piece in re.split("(?=CONSTRAINT)", part)]
    return sorted([head, *(re.sub(r"FOREIGNKEY\(\w+\)", "", piece) for piece in pieces if piece)])


@pytest.fixture
def old_folder(folder: Path) -> Path:
    """A workspace whose database stands at the first revision, with a setting in it."""
    folder.mkdir()
    url = read_url(f"sqlite:///{folder / 'regrade.db'}")
    set_wal(url)
    engine = make_engine(url, writes=True)
    with engine.begin() as tx:
        upgrade_schema(tx, target="0001")
        settings.save_setting(tx, "a", "1")
        tx.execute(
            text("INSERT INTO users VALUES (7, 'Ann', 'ann', 'password', NULL, 0, '2026-03-01 12:00:00.000000')")
        )
        tx.execute(text("INSERT INTO user_roles VALUES (7, 'admin'), (7, 'reviewer')"))
    engine.dispose()
    (folder / "arrays").mkdir()
    (folder / "secret").write_bytes(b"s" * 32)
    return folder


def test_the_newest_revision_is_the_one_that_opening_expects() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_the_migrations_make_what_the_code_expects(empty_store: Store) -> None:
    with empty_store.read() as tx:
        differences = compare_metadata(MigrationContext.configure(tx), tables.metadata)
    assert differences == []


@pytest.mark.usefixtures("sqlite_only")
def test_the_migrations_make_exactly_the_tables(empty_store: Store, folder: Path, tmp_path: Path) -> None:
    """To the letter, checks and partial indexes included, apart from the order within a table."""
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.db'}")
    tables.metadata.create_all(engine)
    engine.dispose()
    made = {name: sql for name, sql in schema_of(folder / "regrade.db").items() if not sql.startswith("CREATETRIGGER")}
    expected = schema_of(tmp_path / "plain.db")
    assert set(made) == {*expected, "alembic_version"}
    for name, sql in expected.items():
        assert parts_of(made[name]) == parts_of(sql), name


@pytest.mark.usefixtures("sqlite_only")
def test_an_older_database_is_upgraded_and_equals_a_new_one(old_folder: Path, tmp_path: Path) -> None:
    assert not any("append-only" in sql for sql in schema_of(old_folder / "regrade.db").values())
    with open_store(old_folder) as store, store.read() as tx:
        assert read_version(tx) == HEAD
        assert settings.load_setting(tx, "a") == "1"
    with create_store(tmp_path / "new"):
        pass
    assert schema_of(old_folder / "regrade.db") == schema_of(tmp_path / "new" / "regrade.db")


@pytest.mark.usefixtures("sqlite_only")
def test_an_upgrade_keeps_what_there_is(old_folder: Path) -> None:
    with open_store(old_folder) as store, store.write() as tx:
        assert users.load_user(tx, "ann").roles == {Role.ADMIN, Role.REVIEWER}
        users.save_roles(tx, "ann", Role)
        assert users.load_user(tx, "ann").roles == set(Role)
        assert tx.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.parametrize("version", ["9999", "not a number"])
def test_a_newer_database_is_refused(store: Store, folder: Path, database_url: str | None, version: str) -> None:
    with store.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    words = rf"schema {version}; this version of regrade knows them up to {HEAD}\. Use a newer version"
    with pytest.raises(SchemaError, match=words):
        open_store(folder, database_url)
    with store.read() as tx:
        assert read_version(tx) == version


@pytest.mark.usefixtures("sqlite_only")
def test_an_upgrade_that_fails_leaves_the_old_database(old_folder: Path) -> None:
    before = schema_of(old_folder / "regrade.db")
    with closing(sqlite3.connect(old_folder / "regrade.db")) as connection:
        # One of the second revision's triggers is there already: the upgrade fails in its midst.
        connection.execute("CREATE TRIGGER reviews_no_update BEFORE UPDATE ON settings BEGIN SELECT 1; END")
    with pytest.raises(Exception, match="trigger reviews_no_update already exists"):
        open_store(old_folder)
    after = schema_of(old_folder / "regrade.db")
    assert after.pop("reviews_no_update")
    assert after == before


UPGRADER = """
import sys
from pathlib import Path
from regrade.store import open_store, settings
from regrade.store.schema import read_version
print("ready", flush=True)
sys.stdin.readline()
with open_store(Path(sys.argv[1])) as store, store.read() as tx:
    print(read_version(tx), settings.load_setting(tx, "a"), flush=True)
"""


@pytest.mark.usefixtures("sqlite_only")
def test_two_upgraders_do_it_once(old_folder: Path) -> None:
    command = [sys.executable, "-c", UPGRADER, str(old_folder)]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    ended = [process.communicate(timeout=60) for process in processes]
    assert [(out, process.returncode) for (out, _), process in zip(ended, processes, strict=True)] == [
        (f"{HEAD} 1\n", 0)
    ] * 2, ended


SLOW_REVISION = '''
"""Takes its time in its midst."""
import sys, time
from alembic import op
from regrade.store.schema import HEAD
revision = "slow"
down_revision = HEAD

def upgrade():
    op.execute("CREATE TABLE half (a INTEGER)")
    op.execute("UPDATE settings SET value = 'changed'")
    print("half-way", flush=True)
    time.sleep(60)
'''
SLOW_UPGRADER = """
import sys
from pathlib import Path
from regrade.store import open_store
from regrade.store.schema import upgrade_schema
with open_store(Path(sys.argv[1])) as store, store.write() as tx:
    upgrade_schema(tx, migrations=Path(sys.argv[2]))
"""


@pytest.mark.usefixtures("sqlite_only")
def test_a_killed_upgrade_leaves_the_old_database(old_folder: Path, tmp_path: Path) -> None:
    with open_store(old_folder):
        before = schema_of(old_folder / "regrade.db")
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "versions" / "slow.py").write_text(SLOW_REVISION, encoding="utf-8")
    for _ in range(2):
        command = [sys.executable, "-c", SLOW_UPGRADER, str(old_folder), str(migrations)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "half-way\n"
            process.kill()
        with open_store(old_folder) as store, store.read() as tx:
            assert read_version(tx) == HEAD
            assert settings.load_setting(tx, "a") == "1"
        assert schema_of(old_folder / "regrade.db") == before
