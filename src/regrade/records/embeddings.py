"""Embeddings: one vector for each item of a split, and what is known of those that are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

SHORTEST, LONGEST = 1e-15, 1e15
"""Lengths of a vector between which it has a direction: outside, its squares are beyond what float32 holds."""


@dataclass(frozen=True, eq=False)
class Embeddings:
    """What one embedder makes of the items of a split: a vector each, of which the direction tells what is alike."""

    name: str
    """Of the embedder, the same for all splits."""
    split: str
    vectors: npt.NDArray[np.floating]
    """(n, d) in the order of the items; a row of NaN for an item without one."""

    @property
    def n_dimensions(self) -> int:
        """Number of dimensions d."""
        return int(self.vectors.shape[1])


@dataclass(frozen=True, slots=True)
class StoredEmbeddings:
    """What the workspace knows of stored embeddings without reading their array."""

    name: str
    """Of the embedder."""
    split: str
    n_dimensions: int
    digest: str
    """SHA-256 of the array, hex."""
    n_missing: int
    """Items without a vector."""
    source: str
    """Name of the file or model that they came from (no folder)."""
    created_at: datetime
