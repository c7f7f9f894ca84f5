"""One predicted class an item: a table with `predicted_class` and perhaps `predicted_probability`."""

from __future__ import annotations

import numpy as np

from regrade.formats.class_cells import ClassLookup, read_class_column
from regrade.formats.item_ids import choose_ids, find_items, read_ids
from regrade.formats.predictions.assembly import RankedRows, assemble_predictions
from regrade.formats.predictions.registry import PREDICTION_FORMATS, PredictionRequest
from regrade.formats.predictions.score_cells import check_scored, read_scores
from regrade.formats.sources import Source
from regrade.records.predictions import Predictions

_CLASS, _PROBABILITY = "predicted_class", "predicted_probability"


@PREDICTION_FORMATS.register(
    "top1",
    f"CSV, Parquet or JSON Lines: file_name (or file, id), {_CLASS}[, {_PROBABILITY}], rows in any order",
    columns=f"{_CLASS}, and if there {_PROBABILITY}",
    matches=lambda source: source.has_columns(_CLASS),
)
def read_top1(source: Source, request: PredictionRequest) -> tuple[Predictions, ...]:
    """The predicted class of each item, joined by id; a row with an empty class is an item without prediction."""
    table = source.table
    table.require(_CLASS)
    items = find_items(read_ids(table, choose_ids(table)), request.split, table.place, unique=True)
    classes = read_class_column(table, _CLASS, ClassLookup(request.classes), optional=True)[:, np.newaxis]
    if _PROBABILITY not in table.columns:
        return (assemble_predictions(RankedRows(items, classes), request, table.place),)
    scores = read_scores(table, _PROBABILITY, probability=True)[:, np.newaxis]
    check_scored(classes, scores, table.place)
    return (assemble_predictions(RankedRows(items, classes, scores, "probability"), request, table.place),)
