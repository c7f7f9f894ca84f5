"""Parquet files as tables, decoded in a child process: a damaged file must not end this one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import polars as pl

from regrade.formats.places import Place
from regrade.formats.tables import Table

_CHILD = Path(__file__).with_name("parquet_child.py")


def parse_parquet(data: bytes, where: str) -> Table:
    """The rows of a Parquet file, with its own types; categories become text.

    Args:
        data: The file.
        where: The file, for messages.

    Raises:
        InputError: It is truncated or damaged, or needs more than 8 GiB.
    """
    command = [sys.executable, "-P", str(_CHILD)]
    few_threads = {**os.environ, "POLARS_MAX_THREADS": "2"}  # each takes address space, which the child has little of
    child = subprocess.run(  # noqa: S603 - our own script
        command, input=data, env=few_threads, capture_output=True, check=False
    )
    place = Place(where)
    if child.returncode != 0:
        raise place.file_error(
            "a whole Parquet file that needs at most 8 GiB",
            got="a truncated or damaged one, or a larger one",
            remedy="Write or copy it again.",
        )
    return Table(pl.read_ipc_stream(child.stdout), place, typed=False)
