"""A Parquet file, or a dataframe, with an item's id and its vector in each row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from regrade.formats.embeddings.registry import EMBEDDING_FORMATS, EmbeddingRequest
from regrade.formats.embeddings.rows import join_vectors
from regrade.formats.item_ids import choose_ids, read_ids
from regrade.formats.places import list_some
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.embeddings import Embeddings


def _list_vectors(table: Table) -> list[str]:
    return [name for name, dtype in table.frame.schema.items() if isinstance(dtype, pl.List | pl.Array)]


@EMBEDDING_FORMATS.register(
    "vector-column",
    "Parquet: a column id, and one whose cells are lists of floats, equally long; in any order",
    matches=lambda source: source.container in ("parquet", "frame") and bool(_list_vectors(source.table)),
    columns="a column of lists of floats",
)
def read_vector_column(source: Source, request: EmbeddingRequest) -> Embeddings:
    """The vectors joined by id; items that are not named, or whose cell is empty, have none."""
    table = source.table
    ids = read_ids(table, choose_ids(table))
    found = _list_vectors(table)
    if len(found) != 1:
        raise table.place.file_error(
            "one column of lists of floats", got=list_some(found) or "none", remedy="Leave the other columns out."
        )
    return join_vectors(ids, _read_vectors(table, found[0]), request, table.place)


def _read_vectors(table: Table, column: str) -> npt.NDArray[np.floating]:
    """(r, d) the cells of a column; NaN for an empty one."""
    cells = table.frame[column]
    inner = getattr(cells.dtype, "inner", None)
    if inner not in (pl.Float32, pl.Float64):
        raise table.place.file_error(
            f"lists of floats in the column {column}", got=str(cells.dtype), remedy="Write the vectors as float32."
        )
    cells = cells.cast(pl.List(inner))
    lengths = cells.list.len().to_numpy()
    there = cells.is_not_null().to_numpy()
    n_dimensions = int(lengths[there][0]) if there.any() else 1
    other = np.flatnonzero(there & (lengths != n_dimensions))
    if len(other):
        raise table.place.error(
            f"vectors of {n_dimensions} dimensions in the column {column}, as in the first row",
            got=f"one of {int(lengths[other[0]])}",
            rows=other,
            remedy="Write vectors of one embedder.",
        )
    vectors = np.full((len(cells), n_dimensions), np.nan, np.float64 if inner == pl.Float64 else np.float32)
    if n_dimensions:
        vectors[there] = cells.drop_nulls().explode().to_numpy().reshape(-1, n_dimensions)
    return vectors
