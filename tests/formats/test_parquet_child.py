"""The child process that decodes Parquet."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO

import polars as pl

from regrade.formats.parquet_child import decode

GREEDY = """
from regrade.formats.parquet_child import MAX_MEMORY, limit_memory
limit_memory()
try:
    bytearray(MAX_MEMORY)
except MemoryError:
    print("refused")
"""


def test_a_table_comes_through_unchanged() -> None:
    frame = pl.DataFrame({"id": ["a", "b"], "ids": [[1, 2], []], "flag": [True, None], "x": [0.5, float("nan")]})
    data = BytesIO()
    frame.write_parquet(data)
    assert pl.read_ipc_stream(decode(data.getvalue())).equals(frame)


def test_categories_become_text() -> None:
    data = BytesIO()
    pl.DataFrame({"id": ["a", "b"]}, schema={"id": pl.Categorical}).write_parquet(data)
    assert pl.read_ipc_stream(decode(data.getvalue())).schema == {"id": pl.String}


def test_it_may_not_take_more_than_its_memory() -> None:
    done = subprocess.run([sys.executable, "-c", GREEDY], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"
