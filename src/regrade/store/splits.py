"""Splits: the items in an array file, and a row that names it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from sqlalchemy import insert, select

from regrade.errors import ConflictError
from regrade.records.items import Split
from regrade.store import tables
from regrade.store.arrays import ArrayFiles
from regrade.store.names import split_id
from regrade.store.store import Transaction


@dataclass(frozen=True, slots=True)
class StoredSplit:
    """What the workspace knows of a split without reading its items."""

    name: str
    n_items: int
    digest: str
    """SHA-256 of its array file, hex."""
    media_root: str
    """Folder below which the items' media paths stand, as it was given."""
    created_at: datetime


def save_split(tx: Transaction, arrays: ArrayFiles, split: Split, *, media_root: str, at: datetime) -> bool:
    """Store a split; False if the same items were there already under this name.

    Args:
        tx: A write transaction.
        arrays: The store's array files.
        split: The items.
        media_root: Folder of their media.
        at: When.

    Raises:
        ConflictError: The name stands for other items, or for another media folder.
    """
    rows = tables.splits
    frame = pl.DataFrame(
        {"id": split.ids, "label": split.labels.astype(np.int32), "media": split.media},
        schema={"id": pl.String, "label": pl.Int32, "media": pl.String},
    )
    stored = tx.execute(select(rows).where(rows.c.name == split.name)).one_or_none()
    if stored is not None:
        # By content, not by digest: another version of the Parquet writer may give other bytes.
        if not arrays.load_parquet(stored.digest).equals(frame):
            raise ConflictError(f"The split {split.name} holds other items.", remedy="Choose another name.")
        if stored.media_root != media_root:
            raise ConflictError(
                f"The split {split.name} has its media in {stored.media_root}.", remedy="Choose another name."
            )
        return False
    digest = arrays.save_parquet(frame)
    tx.execute(
        insert(rows).values(name=split.name, digest=digest, n_items=len(split), media_root=media_root, created_at=at)
    )
    return True


def load_split(tx: Transaction, arrays: ArrayFiles, name: str) -> Split:
    """A split by name.

    Raises:
        NotFoundError: There is no such split; the message lists those there are.
    """
    rows = tables.splits
    digest = tx.execute(select(rows.c.digest).where(rows.c.id == split_id(tx, name))).scalar_one()
    frame = arrays.load_parquet(digest)
    return Split(
        name=name,
        ids=tuple(frame["id"].to_list()),
        labels=frame["label"].to_numpy(),
        media=tuple(frame["media"].to_list()),
    )


def list_splits(tx: Transaction) -> tuple[StoredSplit, ...]:
    """All splits in the order in which they were made."""
    rows = tables.splits
    return tuple(
        StoredSplit(row.name, row.n_items, row.digest, row.media_root, row.created_at)
        for row in tx.execute(select(rows).order_by(rows.c.id))
    )
