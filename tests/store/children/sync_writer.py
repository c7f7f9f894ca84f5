"""Saves answers and says each after its commit; `NORMAL` plants a bug: commits that are not synced."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from regrade.store import Store, journal, open_store


def weaken(store: Store, level: str) -> None:
    with store.write() as tx:
        raw = tx.connection.dbapi_connection
    assert raw is not None
    # The writer has one connection, and it is at rest now.
    raw.cursor().execute(f"PRAGMA synchronous = {level}")


def main(folder: Path, level: str, n_answers: int) -> None:
    with open_store(folder) as store:
        weaken(store, level)
        for number in range(n_answers):
            with store.write() as tx:
                journal.save_line(tx, actor="ann", action="a", facts={"n": number}, at=datetime(2026, 3, 1, tzinfo=UTC))
            os.write(1, f"saved {number}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
