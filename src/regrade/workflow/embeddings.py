"""Embeddings: import, list, load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from regrade import formats
from regrade.formats import ArrowTable, FilePath, as_path
from regrade.neighbors import measure_lengths
from regrade.records.embeddings import StoredEmbeddings
from regrade.store import embeddings, journal
from regrade.workflow.clock import now
from regrade.workflow.workspace import MAIN_SPLIT, Workspace

Content: TypeAlias = ArrowTable | npt.NDArray[Any]
"""What holds embeddings in place of a file: a dataframe, or an array."""
_N_ROWS = 4096
"""Vectors that are written at once."""


@dataclass(frozen=True, slots=True)
class EmbeddingsReport:
    """What an import of embeddings stored."""

    stored: StoredEmbeddings
    created: bool
    """False: the same content was there already."""


class MeasuredVectors(NamedTuple):
    """Vectors that can be searched in."""

    vectors: npt.NDArray[np.float32]
    """(n, d), memory-mapped; a row of NaN for an item without one."""
    lengths: npt.NDArray[np.float64]
    """(n,), NaN for what cannot be found."""


def import_embeddings(
    ws: Workspace,
    name: str,
    file: FilePath | Content,
    *,
    split: str = MAIN_SPLIT,
    format: str | None = None,
    by: str = "local",
) -> EmbeddingsReport:
    """Read the embeddings of a split's items and store them under the embedder's name.

    Args:
        ws: The workspace.
        name: Of the embedder, the same for all splits.
        file: A file; or in its place any dataframe that speaks the Arrow PyCapsule interface, with a column of ids and
            one of vectors, or a NumPy array (n, d), rows in the order of the items.
        split: Of which they are.
        format: Name of the format; default: told by content.
        by: Who does it, for the journal.

    Raises:
        ConflictError: The name stands for other embeddings of the split, or for some of other dimensions elsewhere.
        InputError: The file is not what it must be.
    """
    content: Path | Content = as_path(file)
    read = formats.read_embeddings(content, split=ws.split(split), name=name, format=format)
    vectors = read.vectors
    chunks = (vectors[start : start + _N_ROWS] for start in range(0, len(vectors), _N_ROWS))
    return store_vectors(ws, name, chunks, split=split, n_dimensions=read.n_dimensions, source=_name(content), by=by)


def store_vectors(
    ws: Workspace,
    name: str,
    chunks: Iterable[npt.NDArray[np.floating]],
    *,
    split: str,
    n_dimensions: int,
    source: str,
    by: str,
    facts: Mapping[str, object] | None = None,
) -> EmbeddingsReport:
    """Store vectors that have been read or made, some rows after the other.

    Args:
        ws: The workspace.
        name: Of the embedder.
        chunks: The rows in the order of the items; NaN for an item without a vector.
        split: Of which they are.
        n_dimensions: Of every vector.
        source: Name of the file or model that they came from.
        by: Who does it, for the journal.
        facts: More for the journal.

    Raises:
        ConflictError: As `import_embeddings`.
    """
    vectors = embeddings.save_vectors(ws.store.arrays, chunks, shape=(len(ws.split(split)), n_dimensions))
    with ws.store.write() as tx:
        at = now()
        stored, created = embeddings.save_embeddings(tx, name, split, vectors, source=source, at=at)
        if created:
            line = {"embeddings": name, "split": split, "digest": stored.digest, **(facts or {})}
            journal.save_line(tx, actor=by, action="embeddings.import", facts=line, at=at)
    return EmbeddingsReport(stored, created)


def list_embeddings(ws: Workspace) -> tuple[StoredEmbeddings, ...]:
    """All embeddings that are stored, of all splits, oldest first."""
    with ws.store.read() as tx:
        return embeddings.list_embeddings(tx)


def load_measured(ws: Workspace, stored: StoredEmbeddings) -> MeasuredVectors:
    """The vectors with their lengths; kept, since these take as long as a search."""

    def load() -> MeasuredVectors:
        vectors = embeddings.load_vectors(ws.store.arrays, stored)
        return MeasuredVectors(vectors, measure_lengths(vectors))

    return ws.kept(("vectors", stored.name, stored.split), load, version=stored.digest)


def _name(content: Path | Content) -> str:
    if isinstance(content, Path):
        return content.name
    return "array" if isinstance(content, np.ndarray) else "dataframe"
