"""Parquet files as tables."""

from __future__ import annotations

from io import BytesIO

import polars as pl

from regrade.formats.places import Place
from regrade.formats.tables import Table

MAX_ROWS = 100_000_000
"""More rows than any table of labels or predictions has; a file that promises more is refused unread."""


def parse_parquet(data: bytes, where: str, *, max_rows: int = MAX_ROWS) -> Table:
    """The rows of a Parquet file, with its own types.

    Args:
        data: The file.
        where: The file, for messages.
        max_rows: It may promise so many rows.

    Raises:
        InputError: It is truncated or damaged, or promises more rows.
    """
    place = Place(where)
    try:
        n_rows = int(pl.scan_parquet(BytesIO(data)).select(pl.len()).collect().item())
        if n_rows > max_rows:
            raise place.file_error(f"at most {max_rows:,} rows", got=f"{n_rows:,}", remedy="Split the file.")
        frame = pl.read_parquet(BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise place.file_error(
            "a whole Parquet file",
            got=f"a truncated or damaged one ({type(error).__name__})",
            remedy="Write or copy it again.",
        ) from error
    texts = [name for name, dtype in frame.schema.items() if dtype in (pl.Categorical, pl.Enum)]
    return Table(frame.with_columns(pl.col(texts).cast(pl.String)), place, typed=False)
