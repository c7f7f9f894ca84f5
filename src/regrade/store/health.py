"""What can be told of a database's health: its version, its own checks, and which array files it needs."""

from __future__ import annotations

import re

from sqlalchemy import func, select

from regrade.store import tables
from regrade.store.store import Transaction


def load_database_version(tx: Transaction) -> str:
    """The database program with its version, as `SQLite 3.51.3` or `PostgreSQL 17.2`."""
    if tx.dialect.name == "sqlite":
        return f"SQLite {tx.execute(select(func.sqlite_version())).scalar_one()}"
    return f"PostgreSQL {tx.exec_driver_sql('SHOW server_version').scalar_one()}"


def has_wal_reset_bug(version: str) -> bool:
    """Whether this SQLite can damage a database when several connections make a checkpoint at the same moment.

    regrade lets only one connection at a time do so, hence this is worth a note, not an error.

    Args:
        version: As `load_database_version` gives it; False for any that is no SQLite.

    Source: SQLite's release notes: from 3.7.0 to 3.51.2, fixed in 3.51.3 and in 3.50.7 and 3.44.6 of the older lines.

    >>> [has_wal_reset_bug(f"SQLite {version}") for version in ("3.6.23", "3.40.1", "3.44.6", "3.50.6", "3.51.3")]
    [False, True, False, True, False]
    """
    numbers = re.fullmatch(r"SQLite (\d+)\.(\d+)\.(\d+)", version)
    if numbers is None:
        return False
    major, minor, patch = map(int, numbers.groups())
    fixed = {44: 6, 50: 7}.get(minor)
    return (3, 7, 0) <= (major, minor, patch) < (3, 51, 3) and (fixed is None or patch < fixed)


def list_damage(tx: Transaction) -> tuple[str, ...]:
    """What the database's own checks and the journal's numbers find wrong, in words; empty for a sound database."""
    found: list[str] = []
    if tx.dialect.name == "sqlite":
        checks = tx.exec_driver_sql("PRAGMA integrity_check").scalars()
        found += [f"the database file: {line}" for line in checks if line != "ok"]
        found += [
            f"table {row[0]}, row {row[1]}: it refers to a row of {row[2]} that is not there"
            for row in tx.exec_driver_sql("PRAGMA foreign_key_check")
        ]
    seq = tables.journal.c.seq
    n_lines, newest = tx.execute(select(func.count(seq), func.coalesce(func.max(seq), 0))).one()
    if n_lines != newest:
        found.append(f"the journal: {newest} lines were written, {n_lines} are there")
    return tuple(found)


def list_digests(tx: Transaction) -> dict[str, str]:
    """Digests of all array files that the database needs, each with one of the things that it holds."""
    classes, splits, labels, models = tables.class_files, tables.splits, tables.label_sets, tables.predictions
    found = {row.digest: str(row.kind) for row in tx.execute(select(classes))}
    found |= {row.digest: f"split {row.name}" for row in tx.execute(select(splits))}
    found |= {row.digest: f"labels {row.name}@{row.version}" for row in tx.execute(select(labels))}
    for row in tx.execute(select(models)):
        found |= {digest: f"predictions of {row.model}" for digest in (row.digest, row.scores_digest) if digest}
    full = select(tables.probabilities.c.digest, models.c.model).join_from(tables.probabilities, models)
    found |= {row.digest: f"probabilities of {row.model}" for row in tx.execute(full)}
    vectors = select(tables.embeddings.c.digest, tables.embeddings.c.name)
    found |= {row.digest: f"embeddings of {row.name}" for row in tx.execute(vectors)}
    return found
