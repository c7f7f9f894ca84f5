"""Look a workspace over: the database, what keeps its answers safe, and every array file."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from regrade.errors import StoreError
from regrade.store import health
from regrade.store.private import can_others_read
from regrade.workflow.workspace import Workspace


@dataclass(frozen=True, slots=True)
class HealthReport:
    """What was looked at, and what was found. A workspace whose settings are not safe cannot even be opened."""

    database: str
    """Program and version."""
    n_files: int
    """Array files that were read whole and compared with their names."""
    notes: tuple[str, ...]
    """Worth knowing; nothing is wrong."""
    damage: tuple[str, ...]
    """What is wrong; empty for a sound workspace."""


def examine_workspace(ws: Workspace) -> HealthReport:
    """Run the database's own checks, and compare every array file that it needs with its digest. Changes nothing.

    Raises:
        StoreError: The database cannot be read at all.
    """
    with ws.store.read() as tx:
        database = health.load_database_version(tx)
        damage = list(health.list_damage(tx))
        digests = health.list_digests(tx)
    for digest, what in sorted(digests.items(), key=lambda row: row[1]):
        try:
            ws.store.arrays.verify(digest)
        except StoreError as error:
            damage.append(f"{what}: {error.message}")
    return HealthReport(database, len(digests), _list_notes(ws, database), tuple(damage))


def _list_notes(ws: Workspace, database: str) -> tuple[str, ...]:
    notes = []
    if health.has_wal_reset_bug(database):
        notes.append(
            f"{database} can damage a database when several programs make a checkpoint at the same moment (fixed in"
            " SQLite 3.51.3). regrade sees to it that they do not: let no other program open this database meanwhile."
        )
    file = ws.store.database_file
    if file is not None and can_others_read(file):
        folder = ws.folder.absolute()
        place = shlex.quote(str(folder if file.is_relative_to(folder) else file))
        notes.append(
            f"other accounts of this machine can read {file}, in which reviews and the hashes of passwords stand. Keep"
            f" them out with `chmod -R go= {place}`."
        )
    return tuple(notes)
