"""Opening, reading, writing, closing."""

from __future__ import annotations

import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from regrade.errors import ConflictError, NotFoundError, SchemaError, StoreBusyError, StoreError
from regrade.store import Store, Transaction, create_store, journal, open_store, settings, users


def test_a_new_store_has_its_parts(folder: Path, database_url: str | None) -> None:
    with create_store(folder, database_url) as store:
        secret = store.secret()
    assert len(secret) == 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert (folder / "arrays").is_dir()
    assert (folder / "regrade.db").is_file() == (database_url is None)
    with open_store(folder, database_url) as store:
        assert store.secret() == secret


def test_no_two_stores_have_one_secret(folder: Path, empty_store: Store) -> None:
    with create_store(folder.parent / "other") as other:
        assert other.secret() != empty_store.secret()


def test_a_store_is_not_made_twice(store: Store, folder: Path, database_url: str | None) -> None:
    secret = store.secret()
    with pytest.raises(ConflictError, match="already has a database"):
        create_store(folder, database_url)
    with open_store(folder, database_url) as again:
        assert again.secret() == secret


@pytest.mark.usefixtures("sqlite_only")
def test_a_creation_that_was_cut_off_can_be_repeated(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret").write_bytes(b"short")
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    with create_store(folder) as store:
        assert len(store.secret()) == 32


@pytest.mark.parametrize("content", [None, b"", b"short", b"x" * 33])
def test_a_damaged_secret_is_said_in_words(store: Store, folder: Path, content: bytes | None) -> None:
    if content is None:
        (folder / "secret").unlink()
    else:
        (folder / "secret").write_bytes(content)
    with pytest.raises(StoreError, match=rf"must hold 32 bytes; it holds {len(content or b'')}"):
        store.secret()


@pytest.mark.usefixtures("sqlite_only")
def test_a_store_that_is_not_there_is_not_found(folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(NotFoundError, match=r"no database .*regrade\.db.*regrade init"):
        open_store(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.usefixtures("sqlite_only")
def test_a_database_of_another_program_is_refused(folder: Path) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE a (b)")
    with pytest.raises(SchemaError, match=r"is none of regrade's"):
        open_store(folder)


@pytest.mark.usefixtures("sqlite_only")
def test_a_file_that_is_no_database_is_said_in_words(folder: Path) -> None:
    folder.mkdir()
    (folder / "regrade.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError, match="database is damaged"):
        open_store(folder)


def test_a_block_that_raises_saves_nothing(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no user eve"), store.write() as tx:  # noqa: PT012 - first it writes
        settings.save_setting(tx, "a", "1")
        users.load_user(tx, "eve")
    with store.write() as tx:
        assert settings.load_setting(tx, "a") is None


def test_a_reader_sees_one_state_and_does_not_wait(store: Store) -> None:
    with store.write() as tx:
        settings.save_setting(tx, "a", "old")
    with store.read() as reader:
        assert settings.load_setting(reader, "a") == "old"
        with store.write() as writer:
            settings.save_setting(writer, "a", "new")
            with store.read() as another:
                assert settings.load_setting(another, "a") == "old"
        assert settings.load_setting(reader, "a") == "old"
    with store.read() as reader:
        assert settings.load_setting(reader, "a") == "new"


@pytest.mark.usefixtures("sqlite_only")
def test_the_mark_changes_with_every_commit_and_with_nothing_else(store: Store, folder: Path) -> None:
    marks = [store.mark()]

    def note() -> None:
        marks.append(store.mark())

    with store.read() as tx:
        settings.load_setting(tx, "a")
    note()
    with pytest.raises(NotFoundError), store.write() as tx:  # noqa: PT012 - first it writes
        settings.save_setting(tx, "a", "1")
        users.load_user(tx, "eve")
    note()
    with store.write() as tx:
        settings.save_setting(tx, "a", "1")
        note()
    assert marks == [marks[0]] * 4
    assert marks[0] is not None
    note()
    with open_store(folder) as beside, beside.write() as tx:
        settings.save_setting(tx, "a", "2")
    note()
    other_program = (
        f"import sqlite3; sqlite3.connect({str(folder / 'regrade.db')!r}).executescript('CREATE TABLE x (y)')"
    )
    subprocess.run([sys.executable, "-c", other_program], check=True)
    note()
    assert len({*marks[3:]}) == 4


def test_a_database_that_has_no_such_number_gives_no_mark(store: Store, database_url: str | None) -> None:
    assert (store.mark() is None) == (database_url is not None)


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError, match=r"cannot be written|read-only transaction"), store.read() as tx:
        settings.save_setting(tx, "a", "1")


def test_a_write_within_a_write_is_our_own_mistake(store: Store) -> None:
    with store.write(), pytest.raises(AssertionError, match="a write within a write"), store.write():
        pass
    with store.write() as tx:
        settings.save_setting(tx, "a", "1")


def test_many_threads_read_while_others_write(store: Store, at: datetime) -> None:
    seen: list[bool] = []

    def read() -> None:
        for _ in range(20):
            with store.read() as tx:
                first = journal.list_lines(tx)
                seen.append(
                    first == journal.list_lines(tx) and [line.seq for line in first] == list(range(1, len(first) + 1))
                )

    def write() -> None:
        for _ in range(20):
            with store.write() as tx:
                for _ in range(2):
                    journal.save_line(tx, actor="a", action="b", facts={}, at=at)

    threads = [threading.Thread(target=act) for act in (read,) * 12 + (write,) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 12 * 20
    with store.read() as tx:
        assert len(journal.list_lines(tx)) == 4 * 20 * 2


@pytest.mark.usefixtures("sqlite_only")
def test_a_full_database_says_so_and_goes_on_when_there_is_room(store: Store, at: datetime) -> None:
    def limit(n_pages: int) -> None:
        with store.write() as tx:
            tx.execute(text(f"PRAGMA max_page_count = {n_pages}"))

    def write(tx: Transaction) -> None:
        journal.save_line(tx, actor="ann", action="a", facts={"long": "x" * 200_000}, at=at)

    with store.write() as tx:
        n_pages = tx.execute(text("PRAGMA page_count")).scalar_one()
    limit(n_pages + 20)
    with pytest.raises(StoreError, match="disk is full: nothing was saved"), store.write() as tx:  # noqa: PT012 - what is raised is raised as the block ends
        settings.save_setting(tx, "a", "1")
        write(tx)
    with store.read() as tx:
        assert (settings.load_setting(tx, "a"), journal.list_lines(tx)) == (None, ())
    with store.write() as tx:
        settings.save_setting(tx, "a", "small")
    limit(n_pages + 2000)
    with store.write() as tx:
        write(tx)
        assert [line.seq for line in journal.list_lines(tx)] == [1]


@pytest.mark.usefixtures("sqlite_only")
def test_a_program_without_the_lock_makes_it_busy(store: Store, folder: Path) -> None:
    with store.write() as tx:
        raw = tx.connection.dbapi_connection
        assert raw is not None
    # The connection of the writer; its own patience of ten seconds would make this test long.
    raw.execute("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(folder / "regrade.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="Another program is writing"), store.write():
            pass
        with store.read() as tx:
            assert settings.load_setting(tx, "a") is None
        other.execute("ROLLBACK")
    with store.write() as tx:
        settings.save_setting(tx, "a", "1")


def test_array_files_are_durable_before_the_commit(store: Store) -> None:
    """The folder is synced once for a batch, inside the transaction: if that fails, nothing is committed."""
    with store.write() as tx:
        digests = [store.arrays.save_npy(np.arange(size)) for size in range(1, 6)]
        settings.save_setting(tx, "a", digests[-1])
    for digest in digests:
        store.arrays.verify(digest)
    with pytest.raises(StoreError, match="No such file"), store.write() as tx:  # noqa: PT012 - what is raised is raised as the block ends
        store.arrays.save_npy(np.arange(77))
        settings.save_setting(tx, "a", "lost")
        shutil.rmtree(store.arrays.folder)
    with store.read() as tx:
        assert settings.load_setting(tx, "a") == digests[-1]


def test_closing_leaves_a_file_without_a_log(store: Store, folder: Path) -> None:
    with store.write() as tx:
        settings.save_setting(tx, "a", "1")
    store.close()
    assert not (folder / "regrade.db-wal").exists()
    # A closed store opens its connections again when it is used.
    with store.read() as tx:
        assert settings.load_setting(tx, "a") == "1"


@pytest.mark.usefixtures("sqlite_only")
def test_opening_loads_no_migrations(store: Store, folder: Path) -> None:
    store.close()
    program = (
        "import sys; from pathlib import Path; from regrade.store import open_store\n"
        "store = open_store(Path(sys.argv[1])); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(folder)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"


def test_waiting_for_the_lock_ends(store: Store, folder: Path, database_url: str | None) -> None:
    with (
        open_store(folder, database_url, timeout=0.05) as impatient,
        store.write(),
        pytest.raises(StoreBusyError, match=r"writing to this workspace for more than 0\.05 seconds"),
        impatient.write(),
    ):
        pass
