"""A database of an older revision with rows in it is brought up to date, in SQLite as in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from regrade.errors import StoreError
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Pass, Purpose, Review
from regrade.records.users import Role, User
from regrade.store import (
    Store,
    claims,
    decisions,
    open_store,
    protocols,
    questions,
    reopenings,
    reviews,
    screens,
    tables,
    users,
)
from regrade.store.engine import make_engine, read_url, set_wal
from regrade.store.reopenings import Place
from regrade.store.schema import upgrade_schema
from tests.postgres import Postgres

OLD_TIME = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
_AT = "'2026-03-01 12:00:00.000005'"
OLD_ROWS = {
    "users": f"1, 'ann', 'ann', 'password', 'hash', false, {_AT}",
    "splits": f"1, 'main', 'd', 40, 'media', {_AT}",
    "label_sets": f"1, 'key', 1, 1, 10, 'd', NULL, 'ann', 'made', '[]', {_AT}",
    "questions": f"1, 1, 3, 7, 'verdict', 'prediction', 'decided', 1, 1, 300, {_AT}",
    "screens": f"1, 's1', 1, 1, 3, 'verdict', '[7]', 0, 1, 1, 'answered', {_AT}, {_AT}, 'sub', NULL",
    "claims": "1, 1, 1",
    "reviews": f"1, 'sub', 1, 1, 3, 7, 'verdict', 'wrong', false, NULL, NULL, '', false, false, 1, NULL, {_AT}",
    "decisions": f"1, 1, 3, 7, 'verdict', 'wrong', NULL, NULL, 'consensus', 'ann', '', 1, {_AT}",
}
"""One row a table, in the third revision's columns: a review, and the decision that came of it."""
REOPENED = {
    "decisions": f"2, 1, 3, 7, 'verdict', NULL, NULL, NULL, 'reopened', 'ann', 'no', 1, {_AT}, false",
    "reopenings": "2, 1, 1",
}
"""Rows in the eighth revision's columns: an adjudicator took that decision back."""


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, folder: Path) -> str:
    """The address of a database with nothing in it."""
    folder.mkdir()
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.make_database()
    return f"sqlite:///{folder / 'regrade.db'}"


@pytest.fixture
def upgraded(folder: Path, url: str) -> Store:
    """A store that began at the third revision, with rows of that one and of the eighth."""
    address = read_url(url)
    set_wal(address)
    engine = make_engine(address, writes=True)
    with engine.begin() as tx:
        upgrade_schema(tx, target="0003")
        insert(tx, OLD_ROWS)
        upgrade_schema(tx, target="0008")
        insert(tx, REOPENED)
    engine.dispose()
    (folder / "arrays").mkdir()
    (folder / "secret").write_bytes(b"s" * 32)
    return open_store(folder, url)


def insert(tx: Connection, rows: dict[str, str]) -> None:
    """The cells of one row a table; PostgreSQL reads their times as UTC, and goes on counting from there."""
    is_postgres = tx.dialect.name == "postgresql"
    if is_postgres:
        tx.execute(text("SET LOCAL TIME ZONE 'UTC'"))
    for table, cells in rows.items():
        tx.execute(text(f"INSERT INTO {table} VALUES ({cells})"))  # noqa: S608 - constants
        if is_postgres and table not in {"claims", "reopenings"}:
            key = "number" if table == "screens" else "id"
            tx.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max({key})) FROM {table}"))  # noqa: S608 - constants


def test_what_was_said_and_decided_is_kept(upgraded: Store, review_of: Callable[..., Review]) -> None:
    with upgraded as store, store.read() as tx:
        (review,) = reviews.list_item_reviews(tx, "main", 3)
        assert review == review_of("sub", "ann", 3, 7, id=1, verdict=Verdict.WRONG, created_at=OLD_TIME)
        screen = screens.load_screen(tx, "s1")
        assert (screen.purpose, screen.protocol, screen.seconds) == (Purpose.PANEL, None, None)
        assert [row.usable for row in decisions.list_decisions(tx, [1, 2])] == [False, False]
        (question,) = questions.list_questions(tx, split="main")
        assert (question.held, question.n_claims) == (False, 1)
        assert claims.list_claimed_classes(tx, "ann", "main", 3, Pass.VERDICT) == {7}
        assert protocols.load_newest(tx) is None


def test_what_was_reopened_still_waits(upgraded: Store) -> None:
    with upgraded as store, store.read() as tx:
        assert decisions.list_current_decisions(tx, "main") == ()
        assert reopenings.list_held(tx, "main") == {Place(3, 7, Pass.VERDICT)}


def test_what_is_new_is_added_and_what_is_old_stays(upgraded: Store) -> None:
    with upgraded as store:
        with store.write() as tx:
            user = User("bob", "password", frozenset({Role.VIEWER}), disabled=False, created_at=OLD_TIME)
            users.save_user(tx, user, password_hash=None, at=OLD_TIME)
            line = take_back(tx, "bob")
            reopenings.save_waiting(tx, [line])  # which the eighth revision could not say
        with store.read() as tx:
            assert reopenings.list_held(tx, "main") == {Place(3, 7, Pass.VERDICT), Place(4, 7, Pass.VERDICT)}
        for table in ("reviews", "decisions", "reopenings"):
            with pytest.raises(StoreError, match=f"{table} is append-only"), store.write() as tx:
                tx.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - constants


def take_back(tx: Connection, author: str) -> int:
    """A line that nothing is decided on another item; gives its id."""
    line = decisions.save_decision(
        tx,
        split="main",
        item=4,
        class_id=7,
        pass_=Pass.VERDICT,
        verdict=None,
        category=None,
        severity=None,
        method=DecisionMethod.REOPENED,
        author=author,
        reason="no",
        base="key@1",
        at=OLD_TIME,
    )
    return line.id


PARTS = """
SELECT relname, attname, format_type(atttypid, atttypmod), attnotnull, coalesce(pg_get_expr(adbin, adrelid), '')
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND relnamespace = 'public'::regnamespace
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), true, '' FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tablename, indexname, indexdef, true, '' FROM pg_indexes WHERE schemaname = 'public'
"""
"""All that PostgreSQL knows of the tables: columns, constraints and indexes, whatever their order."""


def test_the_migrations_make_exactly_the_tables_in_postgresql(postgres: Postgres) -> None:
    engine = make_engine(read_url(postgres.make_database()), writes=True)
    with engine.begin() as tx:
        upgrade_schema(tx)
        made = {tuple(row) for row in tx.execute(text(PARTS)) if row.relname != "alembic_version"}
    engine.dispose()
    engine = make_engine(read_url(postgres.make_database()), writes=True)
    with engine.begin() as tx:
        tables.metadata.create_all(tx)
        expected = {tuple(row) for row in tx.execute(text(PARTS))}
    engine.dispose()
    assert len(expected) > 200
    assert made == expected
