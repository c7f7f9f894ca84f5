"""The child process in which Parquet is decoded: Parquet on standard input, an Arrow stream on standard output.

Run as a script. A damaged file can make the decoder end its process or ask for any amount of memory: here that harms
nobody.
"""

from __future__ import annotations

import sys
from io import BytesIO

import polars as pl

MAX_MEMORY = 8 << 30
"""Bytes of address space that the child may take."""


def decode(data: bytes) -> bytes:
    """The table of a Parquet file as an Arrow stream; categories become text."""
    frame = pl.read_parquet(BytesIO(data))
    categories = [name for name, dtype in frame.schema.items() if dtype in (pl.Categorical, pl.Enum)]
    out = BytesIO()
    frame.with_columns(pl.col(categories).cast(pl.String)).write_ipc_stream(out)
    return out.getvalue()


def limit_memory() -> None:
    """Keep to MAX_MEMORY and leave no core dump, where the system can hold a process to it."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit_memory()
    sys.stdout.buffer.write(decode(sys.stdin.buffer.read()))
