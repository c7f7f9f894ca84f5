"""Ranked classes one below the other: a table with `id`, `class` and perhaps `score`, several rows an item."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.item_ids import choose_ids, find_items, read_ids, refuse_repeated
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions
from regrade.formats.predictions.registry import MAX_RANKS, PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import read_scores
from regrade.formats.sources import Source
from regrade.formats.tables import Table
from regrade.records.predictions import NO_CLASS, Predictions, ScoreKind

_CLASS = "class"
_SCORE_KINDS: dict[str, ScoreKind] = {"score": "score", "probability": "probability"}


@PREDICTION_FORMATS.register(
    "long",
    "CSV, Parquet or JSON Lines: id (or file, file_name), class[, score or probability], several rows an item",
    columns=f"{_CLASS}, and if there score or probability, one row a ranked class",
    matches=lambda source: source.has_columns(_CLASS),
)
def read_long(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The classes of each item, joined by id: by score, ties to the lowest class id; without scores by their order."""
    table = source.table
    table.require(_CLASS)
    ids = read_ids(table, choose_ids(table))
    items = find_items(ids, request.split, table.place, unique=False)
    classes = read_class_column(table, _CLASS, ClassLookup(request.classes))
    pairs = items.astype(np.int64) * len(request.classes) + classes
    refuse_repeated(ids, pairs, table.place, expected="each class of an item once")
    scores, kind = _read_scores(table)
    return (assemble_predictions(_rank(items, classes, scores, kind), request, table.place),)


def _read_scores(table: Table) -> tuple[npt.NDArray[np.float64] | None, ScoreKind]:
    if not any(name in table.columns for name in _SCORE_KINDS):
        return None, "none"
    column = table.choose(*_SCORE_KINDS)
    table.require_filled(column)
    kind = _SCORE_KINDS[column]
    return read_scores(table, column, probability=kind == "probability"), kind


def _rank(
    items: npt.NDArray[np.int32],
    classes: npt.NDArray[np.int32],
    scores: npt.NDArray[np.float64] | None,
    kind: ScoreKind,
) -> RankedRows:
    """One row an item, its classes best first, cut to ten."""
    order = np.argsort(items, kind="stable") if scores is None else np.lexsort((classes, -scores, items))
    named, starts, counts = np.unique(items[order], return_index=True, return_counts=True)
    rows = np.repeat(np.arange(len(named)), counts)
    ranks = np.arange(len(order)) - starts[rows]
    kept = ranks < MAX_RANKS
    at = (rows[kept], ranks[kept])
    shape = (len(named), min(int(counts.max()), MAX_RANKS))
    ranked = np.full(shape, NO_CLASS, np.int32)
    ranked[at] = classes[order][kept]
    if scores is None:
        return RankedRows(named, ranked)
    best = np.full(shape, np.nan)
    best[at] = scores[order][kept]
    n_ties = int(np.count_nonzero(best[:, 0] == best[:, 1])) if shape[1] > 1 else 0
    return RankedRows(named, ranked, best, kind, n_ties)
