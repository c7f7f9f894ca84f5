"""Ranks from logits or probabilities: the best classes of every row, in chunks of rows that fit the cache."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from regrade.formats.predictions.assembly import RankedRows
from regrade.formats.predictions.registry import MAX_RANKS
from regrade.formats.predictions.score_rows import ScoreRows

_CHUNK_ROWS = 256
_SUM_TOLERANCE = 1e-3
"""A row of probabilities sums to 1 within this: half precision over 1,000 classes loses about 5e-4."""


def rank_scores(array: ScoreRows, *, n_ranks: int = MAX_RANKS, soften: bool = True) -> RankedRows:
    """Rank the classes of every row by score, best first, ties to the lowest class id.

    Where every row lies in 0..1 and sums to 1 (within 1e-3), the values are probabilities and stay as they are. Else
    they are logits, and their scores are the softmax over all classes, computed in float64.

    Args:
        array: (n, C) floats.
        n_ranks: So many ranks are kept, 1 or more.
        soften: False: the values are no logits (distances, say): they stay as they are, as scores.

    Returns:
        (n, k) class ids and probabilities (or scores), k = min(C, n_ranks), and the number of rows whose top score is
        shared.

    Raises:
        InputError: A row holds NaN or infinity, or (C > 1) the same value for every class.
    """
    n_rows, n_classes = array.shape
    as_they_are = are_probabilities(array) or not soften
    classes = np.empty((n_rows, min(n_classes, max(n_ranks, 2))), np.int32)  # the second rank tells a tie
    scores = np.empty(classes.shape, np.float64)
    n_ties = start = 0
    for chunk in array.chunks(_CHUNK_ROWS):
        rows = slice(start, start + len(chunk))
        values = _as_floats(chunk)
        classes[rows], best = _pick_best(values, classes.shape[1])
        scores[rows] = best if as_they_are else _soften(best, values)
        n_ties += int(np.count_nonzero(best[:, 0] == best[:, 1])) if n_classes > 1 else 0
        start = rows.stop
    kept = slice(n_ranks)
    return RankedRows(None, classes[:, kept], scores[:, kept], "probability" if soften else "score", n_ties)


def are_probabilities(array: ScoreRows) -> bool:
    """Whether every row lies in 0..1 and sums to 1 (within 1e-3).

    Raises:
        InputError: A row holds NaN or infinity, or (C > 1) the same value for every class.
    """
    highest, lowest, total = np.hstack([_measure(_as_floats(chunk)) for chunk in array.chunks(_CHUNK_ROWS)])
    bad = np.flatnonzero(~(np.isfinite(highest) & np.isfinite(lowest)))
    if len(bad):
        raise array.place.error(
            "finite numbers in every row", got="NaN or infinity", rows=bad, remedy="Predict these items again."
        )
    same = np.flatnonzero(highest == lowest)
    if len(same) and array.shape[1] > 1:
        raise array.place.error(
            "scores that tell the classes apart",
            got=f"{highest[same[0]]:g} for every class",
            rows=same,
            remedy="Predict these items again: a row of equal scores names no class.",
        )
    return bool(np.all((lowest >= 0) & (highest <= 1) & (np.abs(total - 1) <= _SUM_TOLERANCE)))


def soften(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(r, C) softmax of each row of logits."""
    top = values.max(axis=1, keepdims=True).astype(np.float64)
    with np.errstate(under="ignore", over="ignore"):
        shares: npt.NDArray[np.float64] = np.exp(values - top)
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _measure(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(3, r) maximum, minimum and sum of each row."""
    with np.errstate(all="ignore"):
        return np.stack([values.max(axis=1), values.min(axis=1), values.sum(axis=1)]).astype(np.float64)


def _as_floats(chunk: npt.NDArray[Any]) -> npt.NDArray[np.floating]:
    """The chunk as native float32 or float64."""
    return np.asarray(chunk, np.float32 if chunk.dtype.itemsize <= 4 else np.float64)


def _pick_best(
    values: npt.NDArray[np.floating], n_ranks: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.floating]]:
    """(r, k) class ids and values of the best classes: the first maximum, k times (a partition takes twice as long)."""
    left = values.copy()
    rows = np.arange(len(values))
    classes = np.empty((len(values), n_ranks), np.int64)
    for rank in range(n_ranks):
        classes[:, rank] = left.argmax(axis=1)
        left[rows, classes[:, rank]] = -np.inf
    return classes, np.take_along_axis(values, classes, axis=1)


def _soften(best: npt.NDArray[np.floating], values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(r, k) softmax of the best values over all classes."""
    top = best[:, :1].astype(np.float64)
    with np.errstate(under="ignore", over="ignore"):
        shares: npt.NDArray[np.float64] = np.exp(best - top) / np.exp(values - top).sum(axis=1, keepdims=True)
    return shares
