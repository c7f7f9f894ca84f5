"""The nearest vectors by cosine: exact, in blocks, the same whatever the size of a block.

Each block is multiplied with the queries in float32, which is quick and nearly right. Whatever that product puts within
its own rounding error of the best so far is measured again in float64, and only that decides who is nearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from regrade.records.embeddings import LONGEST, SHORTEST

NO_ITEM = -1
"""Stands in `Neighbors.positions` where there is none."""

Vectors = npt.NDArray[np.float32]

_BLOCK_BYTES = 1 << 24
"""Of the products that are made at once, and of the vectors that are measured again at once."""
_N_QUERIES = 256
"""Queries that are searched for at once."""
_FEW = 4
"""Hits of a block and query, for each neighbor that is asked for, up to which all are measured again."""
_UNIT = 2.0**-24
"""Half of the distance from 1 to the next float32: what one operation may be wrong by."""
_NEVER = -2.0
"""Stands for the similarity of what is not to be found: below any cosine."""
_START = -1.5
"""What every first neighbor is nearer than: between `_NEVER` and any cosine, also with their rounding errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbors:
    """The nearest vectors to each query, nearest first; of two that are equally near the first in order."""

    positions: npt.NDArray[np.int64]
    """(q, k) positions among the vectors; NO_ITEM behind the last one."""
    similarities: npt.NDArray[np.float64]
    """(q, k) cosines, -1 (opposite) to 1 (same direction); NaN behind the last one."""


def measure_lengths(vectors: Vectors) -> npt.NDArray[np.float64]:
    """The lengths of vectors, to be kept for the next search among them.

    Args:
        vectors: (n, d) float32.

    Returns:
        (n,) Euclidean lengths; NaN for a vector without a direction: one with NaN or infinity in it, or so short (zero)
        or so long that float32 cannot tell where it points.

    >>> measure_lengths(np.array([[3, 4], [0, 0], [np.nan, 1]], np.float32))
    array([ 5., nan, nan])
    """
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)  # casts some thousand numbers at a time
    lengths: npt.NDArray[np.float64] = np.sqrt(squares)
    lengths[~((lengths >= SHORTEST) & (lengths <= LONGEST))] = np.nan
    return lengths


def find_nearest(
    queries: Vectors,
    vectors: Vectors,
    *,
    k: int,
    lengths: npt.NDArray[np.float64] | None = None,
    own: npt.NDArray[np.integer] | None = None,
) -> Neighbors:
    """The k vectors with the highest cosine to each query.

    Args:
        queries: (q, d) float32. One without a direction has no neighbors.
        vectors: (n, d) float32, may be memory-mapped: it is read once for each 256 queries.
        k: How many, >= 1; fewer are found where there are fewer.
        lengths: (n,) what `measure_lengths` gives, if it is known; NaN for a vector that is not to be found.
        own: (q,) the position of each query among the vectors, which is left out; NO_ITEM: it is none of them.

    Returns:
        (q, k) positions and cosines.

    >>> found = find_nearest(np.array([[1, 1]], np.float32), np.array([[0, 1], [2, 2], [-1, 0]], np.float32), k=2)
    >>> found.positions.tolist(), found.similarities.round(4).tolist()
    ([[1, 0]], [[1.0, 0.7071]])
    """
    found = Neighbors(np.full((len(queries), k), NO_ITEM), np.full((len(queries), k), np.nan))
    if lengths is None:
        lengths = measure_lengths(vectors)
    has_direction = np.flatnonzero(np.isfinite(measure_lengths(queries)))
    for start in range(0, len(has_direction), _N_QUERIES):
        rows = has_direction[start : start + _N_QUERIES]
        search = _Search(queries[rows], None if own is None else np.asarray(own)[rows], k)
        n_rows = _rows_a_block(len(rows))
        for first in range(0, len(vectors), n_rows):
            search.look_at(vectors[first : first + n_rows], lengths[first : first + n_rows], first)
        found.positions[rows], found.similarities[rows] = search.positions, search.similarities
    found.similarities[found.positions == NO_ITEM] = np.nan
    return found


def _rows_a_block(n_values: int) -> int:
    """How many rows of so many float32 there are in a block."""
    return max(1, _BLOCK_BYTES // (4 * n_values))


class _Search:
    """The best so far of some queries, block after block."""

    def __init__(self, queries: Vectors, own: npt.NDArray[np.integer] | None, k: int) -> None:
        exact = queries.astype(np.float64)
        self._exact = exact / np.sqrt((exact * exact).sum(axis=1, keepdims=True))
        self._rough = self._exact.astype(np.float32).T
        self._own = own
        self._k = k
        self._slack = (queries.shape[1] + 8) * _UNIT
        self.positions = np.full((len(queries), k), NO_ITEM)
        self.similarities = np.full((len(queries), k), _START)

    def look_at(self, block: Vectors, lengths: npt.NDArray[np.float64], first: int) -> None:
        """Take in the vectors from position `first` on."""
        rough = self._multiply(block, lengths, first)
        least = self.similarities[:, -1] - self._slack
        hits = rough >= least
        if np.count_nonzero(hits) > _FEW * self._k * len(least) and len(block) > self._k:
            kth = np.partition(np.ascontiguousarray(rough.T), -self._k, axis=1)[:, -self._k]
            hits = rough >= np.maximum(least, np.maximum(kth, _START) - 2 * self._slack)
        rows, columns = np.nonzero(hits)
        step = _rows_a_block(2 * block.shape[1])
        for start in range(0, len(rows), step):
            self._take(block, rows[start : start + step], columns[start : start + step], first)

    def _multiply(self, block: Vectors, lengths: npt.NDArray[np.float64], first: int) -> Vectors:
        """(b, q) cosines, wrong by `_slack` at most; `_NEVER` for what is not to be found."""
        with np.errstate(invalid="ignore", over="ignore"):
            rough: Vectors = (block @ self._rough) * (1 / lengths).astype(np.float32)[:, np.newaxis]
        rough[~np.isfinite(lengths)] = _NEVER
        if self._own is not None:
            within = np.flatnonzero((self._own >= first) & (self._own < first + len(block)))
            rough[self._own[within] - first, within] = _NEVER
        return rough

    def _take(self, block: Vectors, rows: npt.NDArray[np.intp], columns: npt.NDArray[np.intp], first: int) -> None:
        """Measure some (vector, query) exactly, and keep the best k of each query."""
        n_queries, k = self.positions.shape
        vectors = block[rows].astype(np.float64)
        cosines = (vectors * self._exact[columns]).sum(axis=1) / np.sqrt((vectors * vectors).sum(axis=1))
        queries = np.concatenate([np.repeat(np.arange(n_queries), k), columns])
        positions = np.concatenate([self.positions.ravel(), rows + first])
        similarities = np.concatenate([self.similarities.ravel(), np.clip(cosines, -1, 1)])
        order = np.lexsort((positions, -similarities, queries))
        starts = np.searchsorted(queries[order], np.arange(n_queries))
        best = order[starts[:, np.newaxis] + np.arange(k)]
        self.positions, self.similarities = positions[best], similarities[best]
