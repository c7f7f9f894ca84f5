"""Embeddings: vectors in an array file, and a row that says whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, insert, select

from regrade.errors import ConflictError
from regrade.records.embeddings import StoredEmbeddings
from regrade.store import tables
from regrade.store.arrays import ArrayFiles
from regrade.store.names import split_id
from regrade.store.store import Transaction


class SavedVectors(NamedTuple):
    """What writing vectors gave."""

    digest: str
    n_dimensions: int
    n_missing: int
    """Items without a vector."""


class SavedEmbeddings(NamedTuple):
    """What saving embeddings gave."""

    stored: StoredEmbeddings
    created: bool
    """False: the same content was there already."""


def save_vectors(
    arrays: ArrayFiles, chunks: Iterable[npt.NDArray[np.floating]], *, shape: tuple[int, int]
) -> SavedVectors:
    """Write vectors as float32, before the transaction that names them: nobody waits while gigabytes are written.

    Args:
        arrays: The store's array files.
        chunks: Some rows after the other, in the order of the items; NaN for an item without a vector.
        shape: (n, d) of all of them.

    Raises:
        StoreError: They cannot be written.
    """
    n_missing = 0

    def clean() -> Iterator[npt.NDArray[np.float32]]:
        nonlocal n_missing
        for chunk in chunks:
            rows = np.array(chunk, np.float32)
            missing = np.isnan(rows[:, 0])
            rows[missing] = np.nan  # in one form of the several that it has, so that the same content is the same file
            n_missing += int(np.count_nonzero(missing))
            yield rows

    digest = arrays.save_npy_rows(clean(), shape=shape, dtype=np.float32)
    return SavedVectors(digest, shape[1], n_missing)


def save_embeddings(
    tx: Transaction, name: str, split: str, vectors: SavedVectors, *, source: str, at: datetime
) -> SavedEmbeddings:
    """Store whose vectors they are.

    Args:
        tx: A write transaction.
        name: Of the embedder.
        split: Of which they are.
        vectors: What `save_vectors` gave.
        source: Name of the file or model that they came from.
        at: When.

    Raises:
        ConflictError: The name stands for other vectors of the split, or for vectors of another length.
    """
    rows, of_split = tables.embeddings, split_id(tx, split)
    others = tx.execute(_select_stored().where(rows.c.name == name)).all()
    same = next((row for row in others if row.split == of_split), None)
    if same is not None and same.digest != vectors.digest:
        raise ConflictError(
            f"{name} has other embeddings of the split {split}.",
            remedy="Import these under another name.",
        )
    for row in others:
        if row.n_dimensions != vectors.n_dimensions:
            raise ConflictError(
                f"{name} has {row.n_dimensions} dimensions on the split {row.split_name}; these have"
                f" {vectors.n_dimensions}.",
                remedy="Use one embedder for all splits, or import these under another name.",
            )
    if same is not None:
        return SavedEmbeddings(_as_stored(same), created=False)
    tx.execute(insert(rows).values(split=of_split, name=name, source=source, created_at=at, **vectors._asdict()))
    saved = tx.execute(_select_stored().where(rows.c.name == name, rows.c.split == of_split)).one()
    return SavedEmbeddings(_as_stored(saved), created=True)


def load_vectors(arrays: ArrayFiles, stored: StoredEmbeddings) -> npt.NDArray[np.float32]:
    """(n, d) vectors in the order of the items, memory-mapped and read-only; a row of NaN for an item without one.

    Raises:
        StoreError: The array file is missing or damaged.
    """
    return arrays.load_npy(stored.digest)


def list_embeddings(tx: Transaction) -> tuple[StoredEmbeddings, ...]:
    """All that are stored, oldest first."""
    return tuple(map(_as_stored, tx.execute(_select_stored().order_by(tables.embeddings.c.id))))


def _select_stored() -> Select[Any]:
    rows, splits = tables.embeddings, tables.splits
    return select(rows, splits.c.name.label("split_name")).join_from(rows, splits)


def _as_stored(row: Row[Any]) -> StoredEmbeddings:
    return StoredEmbeddings(
        name=row.name,
        split=row.split_name,
        n_dimensions=row.n_dimensions,
        digest=row.digest,
        n_missing=row.n_missing,
        source=row.source,
        created_at=row.created_at,
    )
