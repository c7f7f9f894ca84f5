"""An .npz with the items' ids beside their vectors, rows in any order."""

from __future__ import annotations

from regrade.formats.arrays import NUMBERS, TEXTS
from regrade.formats.embeddings.registry import EMBEDDING_FORMATS, EmbeddingRequest
from regrade.formats.embeddings.rows import join_vectors
from regrade.formats.normalization import normalize
from regrade.formats.places import list_some
from regrade.formats.sources import Source
from regrade.records.embeddings import Embeddings

_IDS = "ids"


@EMBEDDING_FORMATS.register(
    "named-vectors",
    ".npz with two arrays: ids (r,), text or integers, and float (r, d), in the order of the ids",
    matches=lambda source: len(source.array_names) > 1 and _IDS in source.array_names,
)
def read_named_vectors(source: Source, request: EmbeddingRequest) -> Embeddings:
    """The vectors joined by id; items that are not named have none."""
    others = [name for name in source.array_names if name != _IDS]
    if len(others) != 1 or _IDS not in source.array_names:
        raise source.place.file_error(
            f"two arrays, {_IDS} and the vectors", got=list_some(source.array_names) or "none", remedy="Save these two."
        )
    vectors = source.named_array(others[0])
    ids = _read_ids(source)
    if vectors.shape[0] != len(ids):
        raise vectors.place.file_error(
            f"{len(ids)} rows, as many as ids", got=f"{vectors.dtype} {vectors.shape}", remedy="Save both from one run."
        )
    return join_vectors(ids, vectors.read(), request, vectors.place)


def _read_ids(source: Source) -> list[str]:
    array = source.named_array(_IDS, kinds=NUMBERS + TEXTS)
    if array.dtype.kind not in "iu" + TEXTS or len(array.shape) != 1:
        raise array.place.file_error(
            "ids as text or integers, one dimension", got=f"{array.dtype} {array.shape}", remedy="Save them as text."
        )
    if array.dtype.kind in "iu":
        return [str(value) for value in array.read().tolist()]
    try:
        texts = array.read().tolist()
        return [normalize(text.decode() if isinstance(text, bytes) else text) for text in texts]
    except (ValueError, SystemError) as error:  # no UTF-8, or (CPython's own error) beyond all code points
        raise array.place.file_error(
            "ids as text", got="bytes that are none", remedy="Save them as an array of text."
        ) from error
