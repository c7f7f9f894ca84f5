"""Vectors alone: a float array (n, d), rows in item order."""

from __future__ import annotations

from regrade.formats.embeddings.registry import EMBEDDING_FORMATS, EmbeddingRequest
from regrade.formats.embeddings.rows import check_vectors
from regrade.formats.sources import Source
from regrade.records.embeddings import Embeddings


@EMBEDDING_FORMATS.register(
    "vectors",
    ".npy, or .npz with one array, float (n, d): a vector an item, rows in item order; NaN for an item without one",
    matches=lambda source: source.has_one_array,
)
def read_vectors(source: Source, request: EmbeddingRequest) -> Embeddings:
    """One vector a row, as many rows as the split has items."""
    array, n_items = source.array, len(request.split)
    if len(array.shape) != 2 or array.shape[0] != n_items:
        remedy = "Its rows must be the items, in the order of the items file; or save their ids beside it (.npz)."
        if len(array.shape) == 2 and array.shape[1] == n_items:
            remedy = "Transpose it."
        raise array.place.file_error(
            f"{n_items} rows, a vector for each item of the split {request.split.name}",
            got=f"{array.dtype} {array.shape}",
            remedy=remedy,
        )
    vectors = array.read()
    check_vectors(vectors, array.place)
    return Embeddings(request.name, request.split.name, vectors)
