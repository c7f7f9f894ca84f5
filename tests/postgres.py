"""A PostgreSQL server of the tests' own: its data lies in memory, and it answers on a socket beside it only."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - the server makes a folder of its own in it
"""Where Linux keeps files in memory: a sync there takes no time."""
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian keeps each version's programs, off the PATH."""
GUARD = '"$@" & while read -r _; do :; done; kill -INT $!; wait; rm -rf data'
"""Runs the server until the pipe to it is closed, also by the death of this process, and takes its data away."""
PATIENCE = 60.0
"""Seconds that a busy machine may take to start the server."""


@dataclass
class Postgres:
    """A running server."""

    folder: Path
    """Of its socket and its data."""
    n_databases: int = 0

    def make_database(self) -> str:
        """The address of a new, empty database."""
        from psycopg import connect  # noqa: PLC0415 - not everywhere installed

        self.n_databases += 1
        name = f"tests{self.n_databases}"
        with connect(f"host={self.folder} user=regrade dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql://regrade@/{name}?host={self.folder}"


@contextmanager
def run_postgres() -> Iterator[Postgres]:
    """A server for the time of the block; the test is skipped where there is no PostgreSQL."""
    programs = find_programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL: initdb is neither on PATH nor below {DEBIAN}")
    if find_spec("psycopg") is None:
        pytest.skip("no psycopg: pip install regrade[postgres]")
    with tempfile.TemporaryDirectory(prefix="regrade-pg-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        folder, account = Path(name), find_account()
        if account is not None:
            os.chown(folder, account, -1)
        data = folder / "data"
        made: list[str | Path] = [
            programs / "initdb",
            "--no-sync",
            "--auth=trust",
            "--username=regrade",
            "--encoding=UTF8",
            data,
        ]
        subprocess.run([*made, "--locale=C"], user=account, cwd=folder, check=True, capture_output=True)
        server: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses="]
        command = ["sh", "-c", GUARD, "sh", *server]
        with (
            (folder / "log").open("wb") as log,
            subprocess.Popen(command, user=account, cwd=folder, stdin=subprocess.PIPE, stderr=log) as guard,
        ):
            _wait_for(guard, folder)
            yield Postgres(folder)  # then the pipe is closed, and the server ends


def find_programs() -> Path | None:
    """The folder of PostgreSQL's programs, the newest version's; None if there is none."""
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    return max(found, key=lambda folder: float(folder.parent.name), default=None)


def find_account() -> int | None:
    """The account that it runs under where this process may do everything, which PostgreSQL refuses; else None."""
    if os.geteuid() != 0:
        return None
    known = {row.pw_name: row.pw_uid for row in pwd.getpwall()}
    return next(known[name] for name in ("postgres", "nobody") if name in known)


def _wait_for(server: subprocess.Popen[bytes], folder: Path) -> None:
    from psycopg import OperationalError, connect  # noqa: PLC0415 - not everywhere installed

    end = time.monotonic() + PATIENCE
    while True:
        try:
            connect(f"host={folder} user=regrade dbname=postgres").close()
        except OperationalError:
            if server.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
