"""What the database itself keeps: append-only tables, fixed words, times in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Integer, String, Table, Text, delete, insert, select, text, update
from sqlalchemy.exc import StatementError

from regrade.errors import InputError, StoreError
from regrade.records.adjudication import BallotRow
from regrade.records.discussion import Reveal, Shown
from regrade.records.labels import Verdict
from regrade.records.panel import DecisionMethod, Origin, Pass, Proposal, Purpose, QuestionStatus, Review
from regrade.records.predictions import PredictionKind, ScoreKind
from regrade.records.users import Role, UserKind
from regrade.store import (
    Store,
    ballots,
    comments,
    decisions,
    embeddings,
    guide,
    journal,
    proposals,
    reopenings,
    reveals,
    reviews,
    settings,
    tables,
)


@pytest.fixture
def recorded(store: Store, review_of: Callable[..., Review], at: datetime) -> Store:
    """A row in each of the tables that are append-only."""
    with store.write() as tx:
        reviews.save_reviews(tx, [review_of("s1", "ann", 3, 7, verdict=Verdict.WRONG)])
        reviews.save_withdrawal(tx, "s1", "ann", at)
        decisions.save_decision(
            tx,
            split="main",
            item=3,
            class_id=7,
            pass_=Pass.VERDICT,
            verdict=Verdict.WRONG,
            category=None,
            severity=None,
            method=DecisionMethod.CONSENSUS,
            author="ann",
            reason="",
            base="key@1",
            at=at,
        )
        decisions.save_published(tx, [1], "key@1")
        reopenings.save_reopening(tx, 1, reopened=1)
        vote = BallotRow(0, "b1", "ann", "main", 3, 7, Pass.VERDICT, Verdict.WRONG, None, None, "r", "key@1", 1, at)
        ballots.save_ballot(tx, [vote])
        proposals.save_proposal(tx, Proposal(0, "ann", "main", 3, 7, "a ring", "key@1", at))
        vectors = embeddings.SavedVectors("d", 2, 0)
        embeddings.save_embeddings(tx, "net", "main", vectors, source="net.npy", at=at)
        journal.save_line(tx, actor="ann", action="a", facts={}, at=at)
        guide.save_guide_text(tx, class_id=7, number=1, text="round", author="ann", at=at)
        comments.save_comment(tx, split="main", item=3, pass_=Pass.VERDICT, author="ann", text="hm", at=at)
        reveals.save_reveal(tx, Reveal("ann", "main", 3, Pass.VERDICT, Shown.OUTCOME, at))
    return store


@pytest.mark.parametrize("name", tables.APPEND_ONLY)
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_what_was_recorded_cannot_be_changed(recorded: Store, name: str, verb: str) -> None:
    table: Table = tables.metadata.tables[name]
    column = next(iter(table.primary_key.columns))
    with recorded.read() as tx:
        before = tx.execute(select(table)).all()
    assert len(before) == 1
    with pytest.raises(StoreError, match=f"{name} is append-only"), recorded.write() as tx:
        tx.execute(delete(table) if verb == "delete" else update(table).values({column: column}))
    with recorded.read() as tx:
        assert tx.execute(select(table)).all() == before


@pytest.mark.usefixtures("sqlite_only")
def test_replacing_a_row_is_no_way_around(recorded: Store) -> None:
    replace = "INSERT OR REPLACE INTO journal (seq, at, actor, action, facts) VALUES (1, '', 'eve', 'b', '{}')"
    with pytest.raises(StoreError, match="journal is append-only"), recorded.write() as tx:
        tx.execute(text(replace))
    with recorded.read() as tx:
        assert [line.actor for line in journal.list_lines(tx)] == ["ann"]


WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("users", "kind"): get_args(UserKind),
    ("user_roles", "role"): tuple(Role),
    ("class_files", "kind"): ("classes", "edges", "nodes"),
    ("predictions", "kind"): get_args(PredictionKind),
    ("predictions", "score_kind"): get_args(ScoreKind),
    ("questions", "pass"): tuple(Pass),
    ("questions", "origin"): tuple(Origin),
    ("questions", "status"): tuple(QuestionStatus),
    ("screens", "pass"): tuple(Pass),
    ("screens", "status"): tuple(tables.ScreenStatus),
    ("screens", "purpose"): tuple(Purpose),
    ("reviews", "pass"): tuple(Pass),
    ("reviews", "verdict"): tuple(Verdict),
    ("reviews", "purpose"): tuple(Purpose),
    ("votes", "pass"): tuple(Pass),
    ("votes", "verdict"): tuple(Verdict),
    ("comments", "pass"): tuple(Pass),
    ("reveals", "pass"): tuple(Pass),
    ("reveals", "shown"): tuple(Shown),
    ("decisions", "pass"): tuple(Pass),
    ("decisions", "verdict"): tuple(Verdict),
    ("decisions", "method"): tuple(DecisionMethod),
}


def test_every_column_of_words_is_tested() -> None:
    columns = (column for table in tables.metadata.sorted_tables for column in table.columns)
    assert {(column.table.name, column.name) for column in columns if isinstance(column.type, tables.Word)} == set(
        WORDS
    )


@pytest.mark.parametrize(("name", "column"), WORDS)
def test_a_word_that_is_none_is_refused(store: Store, at: datetime, name: str, column: str) -> None:
    """Every column of fixed words has its check; all else in the row is as it may be."""
    table: Table = tables.metadata.tables[name]
    fitting = {Integer: 1, BigInteger: 1, Text: "x", String: "x", Boolean: False, JSON: {}, tables.UtcDateTime: at}
    row = {other.name: fitting.get(type(other.type)) for other in table.columns}
    row |= {other: next(iter(words)) for (where, other), words in WORDS.items() if where == name}
    row |= {"submission": None} if name == "screens" else {}
    with pytest.raises(StoreError, match=rf"ck_{name}_{column}"), store.write() as tx:
        tx.execute(insert(table).values(row | {column: "nonsense"}))


def test_a_time_is_kept_in_utc_to_the_microsecond(store: Store) -> None:
    east = datetime(2026, 5, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    with store.write() as tx:
        journal.save_line(tx, actor="ann", action="a", facts={}, at=east)
        line = journal.list_lines(tx)[-1]
    # 01:30 at +05:30 is 20:00 of the day before in UTC.
    assert line.at == datetime(2026, 4, 30, 20, 0, 0, 123456, tzinfo=UTC)
    assert line.at.tzinfo is UTC or line.at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_our_own_mistake(store: Store) -> None:
    with pytest.raises(StatementError, match="times are given in UTC"), store.write() as tx:
        journal.save_line(tx, actor="ann", action="a", facts={}, at=datetime(2026, 5, 1))  # noqa: DTZ001 - the mistake


def test_a_row_that_refers_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), store.write() as tx:
        tx.execute(insert(tables.user_roles).values(user=77, role="admin"))


def test_half_a_character_is_refused_in_words(store: Store) -> None:
    with pytest.raises(InputError, match="text of whole characters"), store.write() as tx:
        settings.save_setting(tx, "a", "\ud800")
