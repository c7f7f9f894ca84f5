"""Predictions: classes and scores in array files, and a row that says whose they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Select, bindparam, insert, select, update

from regrade.errors import ConflictError, NotFoundError
from regrade.records.predictions import Predictions, StoredPredictions
from regrade.store import tables
from regrade.store.arrays import ArrayFiles
from regrade.store.names import split_id
from regrade.store.store import Transaction

_SMALL = 2**15
"""Class ids below fit into 16 bits."""
_NEWEST = (
    select(tables.predictions.c.id)
    .where(tables.predictions.c.split == bindparam("of_split"))
    .order_by(tables.predictions.c.id.desc())
    .limit(1)
)
"""Made once: every screen asks it."""


class SavedPredictions(NamedTuple):
    """What saving predictions gave."""

    stored: StoredPredictions
    created: bool
    """False: the same content was there already."""


def save_predictions(
    tx: Transaction, arrays: ArrayFiles, predictions: Predictions, *, source: str, at: datetime
) -> SavedPredictions:
    """Store one model's predictions.

    Args:
        tx: A write transaction.
        arrays: The store's array files.
        predictions: The content.
        source: Name of the file that they came from.
        at: When.

    Raises:
        ConflictError: The model has other predictions on this split.
    """
    rows = tables.predictions
    split = split_id(tx, predictions.split)
    content = {
        "kind": predictions.kind,
        "n_classes": predictions.n_classes,
        "digest": arrays.save_npy(_as_small(predictions)),
        "scores_digest": None if predictions.scores is None else arrays.save_npy(predictions.scores.astype(np.float32)),
        "score_kind": predictions.score_kind,
        "only_mistakes": predictions.only_mistakes,
    }
    query = _select_stored().where(rows.c.split == split, rows.c.model == predictions.model)
    row = tx.execute(query).one_or_none()
    if row is not None:
        if any(getattr(row, name) != value for name, value in content.items()):
            raise ConflictError(
                f"{predictions.model} has other predictions on the split {predictions.split}.",
                remedy="Import these under another name.",
            )
        return SavedPredictions(_as_stored(row), created=False)
    tx.execute(
        insert(rows).values(
            split=split,
            model=predictions.model,
            source=source,
            n_missing=predictions.n_missing,
            n_ties=predictions.n_ties,
            created_at=at,
            **content,
        )
    )
    return SavedPredictions(_as_stored(tx.execute(query).one()), created=True)


def save_probabilities(tx: Transaction, stored: StoredPredictions, digest: str) -> StoredPredictions:
    """Keep the probabilities of all classes beside stored predictions.

    Args:
        tx: A write transaction.
        stored: The predictions.
        digest: The (n, C) float32 array among the array files; a missing item's row is NaN.

    Raises:
        ConflictError: The predictions have other probabilities.
    """
    if stored.probabilities_digest not in (None, digest):
        raise ConflictError(
            f"{stored.model} has other probabilities on the split {stored.split}.",
            remedy="Import these under another name.",
        )
    if stored.probabilities_digest is None:
        rows = tables.predictions
        own = select(rows.c.id).where(rows.c.split == split_id(tx, stored.split), rows.c.model == stored.model)
        tx.execute(insert(tables.probabilities).values(predictions=tx.execute(own).scalar_one(), digest=digest))
    return replace(stored, probabilities_digest=digest)


def rename_predictions(tx: Transaction, split: str, old: str, new: str) -> StoredPredictions:
    """Give a model's predictions on a split another name. The content stays, and nothing else refers to the name.

    Raises:
        ConflictError: The new name stands for predictions on the split.
        NotFoundError: There is no such split, or no predictions of the old name on it.
    """
    rows = tables.predictions
    of_split = rows.c.split == split_id(tx, split)
    if tx.execute(select(rows.c.id).where(of_split, rows.c.model == new)).first() is not None:
        raise ConflictError(f"{new} has predictions on the split {split} already.", remedy="Choose another name.")
    if tx.execute(update(rows).where(of_split, rows.c.model == old).values(model=new)).rowcount == 0:
        raise NotFoundError(f"No predictions of {old} on the split {split}.", remedy="See `regrade predictions list`.")
    return _as_stored(tx.execute(_select_stored().where(of_split, rows.c.model == new)).one())


def load_probabilities(arrays: ArrayFiles, stored: StoredPredictions) -> npt.NDArray[np.float32] | None:
    """(n, C) probabilities of all classes, memory-mapped and read-only; None where they are not kept.

    Raises:
        StoreError: The array file is missing or damaged.
    """
    return None if stored.probabilities_digest is None else arrays.load_npy(stored.probabilities_digest)


def load_predictions(arrays: ArrayFiles, stored: StoredPredictions, *, scores: bool = True) -> Predictions:
    """The predictions themselves, memory-mapped and read-only; without their scores if `scores` is False.

    Raises:
        StoreError: An array file is missing or damaged.
    """
    has_scores = scores and stored.scores_digest is not None
    return Predictions(
        model=stored.model,
        split=stored.split,
        kind=stored.kind,
        n_classes=stored.n_classes,
        classes=arrays.load_npy(stored.digest),
        scores=arrays.load_npy(stored.scores_digest) if has_scores and stored.scores_digest else None,
        score_kind=stored.score_kind if has_scores else "none",
        only_mistakes=stored.only_mistakes,
        n_ties=stored.n_ties,
    )


def list_predictions(tx: Transaction, split: str) -> tuple[StoredPredictions, ...]:
    """What is stored for a split, by model name.

    Raises:
        NotFoundError: There is no such split.
    """
    rows = tables.predictions
    query = _select_stored().where(rows.c.split == split_id(tx, split)).order_by(rows.c.model)
    return tuple(map(_as_stored, tx.execute(query)))


def load_newest_id(tx: Transaction, split: str) -> int:
    """Id of the split's newest predictions, 0 if there are none: it grows with every model; no content ever changes.

    Raises:
        NotFoundError: There is no such split.
    """
    return tx.execute(_NEWEST, {"of_split": split_id(tx, split)}).scalar() or 0


def _select_stored() -> Select[Any]:
    rows, splits, full = tables.predictions, tables.splits, tables.probabilities
    columns = (rows, splits.c.name.label("split_name"), full.c.digest.label("probabilities_digest"))
    with_split = rows.join(splits, splits.c.id == rows.c.split)
    return select(*columns).select_from(with_split.outerjoin(full, full.c.predictions == rows.c.id))


def _as_stored(row: Row[Any]) -> StoredPredictions:
    return StoredPredictions(
        model=row.model,
        split=row.split_name,
        kind=row.kind,
        n_classes=row.n_classes,
        digest=row.digest,
        scores_digest=row.scores_digest,
        score_kind=row.score_kind,
        source=row.source,
        n_missing=row.n_missing,
        n_ties=row.n_ties,
        only_mistakes=row.only_mistakes,
        created_at=row.created_at,
        probabilities_digest=row.probabilities_digest,
    )


def _as_small(predictions: Predictions) -> npt.NDArray[np.int16] | npt.NDArray[np.int32]:
    """The classes in the smallest type that holds them: so the same content has the same digest, and half the size."""
    return (
        predictions.classes.astype(np.int16) if predictions.n_classes < _SMALL else predictions.classes.astype(np.int32)
    )
