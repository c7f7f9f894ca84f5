"""Lives on a small file system that becomes full and then read-only; says what happens as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from regrade.errors import StoreError
from regrade.store import Store, create_store, journal, open_store

AT = datetime(2026, 3, 1, tzinfo=UTC)


def count(store: Store) -> int:
    with store.read() as tx:
        return len(journal.list_lines(tx))


def write(store: Store) -> str:
    """Save a line of 30 kB; what went wrong, or nothing."""
    try:
        with store.write() as tx:
            journal.save_line(tx, actor="ann", action="a", facts={"long": "x" * 30_000}, at=AT)
    except StoreError as error:
        return error.message
    return ""


def save_array(store: Store) -> str:
    try:
        store.arrays.save_npy(np.arange(200_000))
    except StoreError as error:
        return error.message
    return ""


def main(disk: Path) -> dict[str, object]:
    told: dict[str, object] = {}
    filler = disk / "filler"
    filler.write_bytes(b"x" * 1_000_000)
    with create_store(disk / "w") as store:
        n_saved = 0
        while not (failure := write(store)):
            n_saved += 1
        told |= {"full": failure, "full_array": save_array(store), "n_lost_when_full": n_saved - count(store)}
        told["n_rest"] = sum(path.name.startswith("writing-") for path in store.arrays.folder.iterdir())
        filler.unlink()
        told |= {"again": write(store), "n_lost_again": n_saved + 1 - count(store)}
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with open_store(disk / "w") as store:
        told |= {"read_only": write(store), "read_only_array": save_array(store)}
        told["n_lost_read_only"] = n_saved + 1 - count(store)
    return told


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))
