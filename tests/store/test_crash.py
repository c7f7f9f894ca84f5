"""kill -9 in the middle of writing: nothing acknowledged is lost, nothing is there twice, nothing is half there."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from regrade.store import Store, health, open_store
from tests.forked import Child
from tests.store.children import crash_writer

pytestmark = pytest.mark.usefixtures("sqlite_only")

N_CYCLES = 5
N_WRITERS = 2
N_REVIEWS = 2
"""Reviews of one answer."""


def count_by(connection: sqlite3.Connection, query: str) -> dict[str, int]:
    return dict(connection.execute(query).fetchall())


def find_faults(file: Path, acknowledged: set[str]) -> list[str]:
    """What is wrong with a history, in words; reads the file by itself, with nothing of the store."""
    with closing(sqlite3.connect(file)) as connection:
        answers = count_by(connection, "SELECT submission, count(*) FROM reviews GROUP BY 1")
        keys = count_by(connection, "SELECT key, count(*) FROM idempotency GROUP BY 1")
        lines = count_by(connection, "SELECT json_extract(facts, '$.submission'), count(*) FROM journal GROUP BY 1")
        numbers = [row[0] for row in connection.execute("SELECT seq FROM journal ORDER BY seq")]
        checks = connection.execute("PRAGMA integrity_check").fetchall()
        orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    faults = [f"{key} is lost" for key in sorted(acknowledged - set(answers))]
    faults += [f"{key} has {n} reviews" for key, n in sorted(answers.items()) if n != N_REVIEWS]
    faults += [f"{key} has {n} journal lines" for key, n in sorted(lines.items()) if n != 1]
    for name, found in (("idempotency record", keys), ("journal line", lines)):
        faults += [f"{key} has no {name}" for key in sorted(set(answers) - set(found))]
        faults += [f"{key} has a {name} and no review" for key in sorted(set(found) - set(answers))]
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("the journal has a gap")
    if checks != [("ok",)] or orphans:
        faults.append("the database is damaged")
    return faults


def write_and_kill(folder: Path, rng: random.Random, mode: str) -> set[str]:
    """Let writers work for a moment and kill them; gives the keys that they have acknowledged."""
    with ExitStack() as stack:
        writers = [
            stack.enter_context(Child(crash_writer.main, folder, f"w{number}", mode)) for number in range(N_WRITERS)
        ]
        # The first line of each: from here on all are at work.
        first = [writer.out.readline() for writer in writers]
        time.sleep(rng.uniform(0.01, 0.15))
        for writer in writers:
            writer.kill()
        rest = [writer.read_rest() for writer in writers]
    lines = [*first, *(line for out in rest for line in out.splitlines(keepends=True))]
    return {line.strip() for line in lines if line.endswith("\n")}  # a line that was cut by the kill was not said


def test_nothing_acknowledged_is_lost(store: Store, folder: Path) -> None:
    store.close()
    rng = random.Random(5)  # noqa: S311 - when to kill
    acknowledged: set[str] = set()
    for _ in range(N_CYCLES):
        # Each cycle sends all keys again from the first on, as clients that got no answer do.
        acknowledged |= write_and_kill(folder, rng, "together")
        assert find_faults(folder / "regrade.db", acknowledged) == []
        with open_store(folder) as again, again.read() as tx:
            assert health.list_damage(tx) == ()
    assert len(acknowledged) > 10


def test_a_journal_in_a_transaction_of_its_own_is_caught(store: Store, folder: Path) -> None:
    store.close()
    rng = random.Random(6)  # noqa: S311 - when to kill
    for _ in range(10):
        acknowledged = write_and_kill(folder, rng, "apart")
        faults = find_faults(folder / "regrade.db", acknowledged)
        if faults:
            break
    assert any("has no journal line" in fault for fault in faults)


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("DELETE FROM reviews WHERE submission = 'w0-0'", "w0-0 is lost"),
        ("DELETE FROM reviews WHERE id = 1", "w0-0 has 1 reviews"),
        ("UPDATE reviews SET submission = 'w0-0' WHERE submission = 'w0-1'", "w0-0 has 4 reviews"),
        ("DELETE FROM idempotency WHERE key = 'w0-1'", "w0-1 has no idempotency record"),
        ("DELETE FROM journal WHERE seq = 2", "the journal has a gap"),
        ('UPDATE journal SET facts = \'{"submission": "w0-0"}\' WHERE seq = 2', "w0-0 has 2 journal lines"),
        ("UPDATE reviews SET reviewer = 99 WHERE id = 1", "the database is damaged"),
    ],
)
def test_the_check_finds_what_is_damaged(store: Store, folder: Path, damage: str, fault: str) -> None:
    store.close()
    with Child(crash_writer.main, folder, "w0", "together") as writer:
        acknowledged = {writer.out.readline().strip() for _ in range(3)}
    assert find_faults(folder / "regrade.db", acknowledged) == []
    with closing(sqlite3.connect(folder / "regrade.db")) as connection:
        triggers = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for trigger in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(damage)
        connection.commit()
    assert fault in find_faults(folder / "regrade.db", acknowledged)
