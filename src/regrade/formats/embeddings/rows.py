"""From the vectors of a file to embeddings of every item of the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.formats.embeddings.registry import EmbeddingRequest
from regrade.formats.item_ids import find_items
from regrade.formats.places import Place
from regrade.records.embeddings import LONGEST, SHORTEST, Embeddings

_N_ROWS = 4096
"""Vectors that are checked at once."""


def join_vectors(ids: Sequence[str], vectors: npt.NDArray[Any], request: EmbeddingRequest, place: Place) -> Embeddings:
    """Embeddings of rows in any order, joined by id; an item without a row has none.

    Raises:
        InputError: An id is unknown or comes twice, or the vectors are none.
    """
    items = find_items(ids, request.split, place, unique=True)
    check_vectors(vectors, place if place.first_row else replace(place, keys=ids))
    joined = np.full((len(request.split), vectors.shape[1]), np.nan, np.float32)
    joined[items] = vectors
    return Embeddings(request.name, request.split.name, joined)


def check_vectors(vectors: npt.NDArray[Any], place: Place) -> None:
    """Check that every row is a vector with a direction or, for an item without one, NaN all over.

    Args:
        vectors: (r, d) numbers.
        place: Where they stand.

    Raises:
        InputError: They are no floats, have no dimension, or one of them is neither, or all of them are NaN.
    """
    if vectors.dtype.kind != "f" or vectors.ndim != 2 or vectors.shape[1] < 1:
        raise place.file_error(
            "floats (items, dimensions), a vector for each item",
            got=f"{vectors.dtype} {vectors.shape}",
            remedy="Save the outputs of the embedder as they are, one row an item.",
        )
    n_vectors = 0
    for start in range(0, len(vectors), _N_ROWS):
        with np.errstate(over="ignore"):
            rows = np.asarray(vectors[start : start + _N_ROWS], np.float32)
        there: npt.NDArray[np.bool_] = np.logical_not(np.isnan(rows).all(axis=1))
        n_vectors += int(np.count_nonzero(there))
        _check_finite(rows, there, start, place)
        _check_direction(rows, there, start, place)
    if n_vectors == 0:
        raise place.file_error("at least one vector", got="none", remedy="Check what the embedder gave.")


def _check_finite(rows: npt.NDArray[np.float32], there: npt.NDArray[np.bool_], start: int, place: Place) -> None:
    bad = np.flatnonzero(there & ~np.isfinite(rows).all(axis=1))
    if len(bad):
        raise place.error(
            "finite numbers within the range of float32, or NaN in the whole row for an item without a vector",
            got="NaN or infinity among others",
            rows=bad + start,
            remedy="Compute the vector again, or make the whole row NaN.",
        )


def _check_direction(rows: npt.NDArray[np.float32], there: npt.NDArray[np.bool_], start: int, place: Place) -> None:
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    bad = np.flatnonzero(there & ~((lengths >= SHORTEST) & (lengths <= LONGEST)))
    if len(bad):
        raise place.error(
            f"vectors with a direction, of a length from {SHORTEST:g} to {LONGEST:g}",
            got=f"one of length {lengths[bad[0]]:g}",
            rows=bad + start,
            remedy="Make the whole row NaN where an item has no vector.",
        )
