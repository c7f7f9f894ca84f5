"""The formats of files of embeddings, and reading one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from regrade.formats.frames import ArrowTable
from regrade.formats.held_arrays import open_content
from regrade.formats.registry import Registry
from regrade.formats.sources import Source
from regrade.records.embeddings import Embeddings
from regrade.records.items import Split


@dataclass(frozen=True, slots=True)
class EmbeddingRequest:
    """What the caller says of a file of embeddings."""

    name: str
    """Of the embedder."""
    split: Split


EmbeddingReader = Callable[[Source, EmbeddingRequest], Embeddings]

EMBEDDING_FORMATS: Registry[EmbeddingReader] = Registry("embeddings")


def read_embeddings(
    content: Path | ArrowTable | npt.NDArray[Any], *, split: Split, name: str, format: str | None = None
) -> Embeddings:
    """The embeddings that a file, a dataframe or an array holds; all of it is checked.

    Args:
        content: The file; a dataframe, as Parquet holds it; or an array, as an .npy file holds it.
        split: The split that they are of.
        name: Name of the embedder.
        format: Name of the format; default: told by content.

    Returns:
        The vectors in the order of the split. Those of an .npy file stay in the file until they are used.

    Raises:
        InputError: The file is damaged or of no known format; an item is unknown or comes twice; the rows are not as
            many as the items, or not equally long; a number is not finite; a vector has no direction.
    """
    source = open_content(content, name)
    read = EMBEDDING_FORMATS.find(format) if format else EMBEDDING_FORMATS.detect(source)
    return read(source, EmbeddingRequest(name, split))
